using System.Runtime.InteropServices;
using Nperf.Core.Host;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Host;

public sealed unsafe class RankLinksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void An_exchange_around_the_ring_brings_every_byte(int ranks)
    {
        nint ring = Ring.CapacityFor(ranks);
        TestWorld.Run(ranks, Transport.Memory, links =>
        {
            foreach (nint bytes in (nint[])[0, 1, 8, 47, 48, 49, ring - 1, ring, ring + 1, 5 * ring + 3])
            {
                byte* send = Pattern(bytes, links.Rank), receive = (byte*)NativeMemory.AllocZeroed((nuint)bytes + 1);
                int to = (links.Rank + 1) % ranks, from = (links.Rank + ranks - 1) % ranks;
                links.Exchange(to, send, bytes, from, receive, bytes);
                AssertPattern(receive, bytes, from);
                NativeMemory.Free(send);
                NativeMemory.Free(receive);
            }
        });
    }

    private static byte* Pattern(nint bytes, int rank)
    {
        byte* data = (byte*)NativeMemory.Alloc((nuint)bytes + 1);
        for (nint i = 0; i < bytes; i++) data[i] = (byte)(i * 7 + i / 251 + rank);
        return data;
    }

    private static void AssertPattern(byte* data, nint bytes, int rank)
    {
        for (nint i = 0; i < bytes; i++)
            if (data[i] != (byte)(i * 7 + i / 251 + rank)) Assert.Fail($"byte {i} of {bytes} from rank {rank} is wrong");
    }
}
