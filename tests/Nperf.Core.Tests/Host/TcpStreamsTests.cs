using System.Net;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Options;
using Nperf.Core.Tests.Algorithms;

namespace Nperf.Core.Tests.Host;

public sealed unsafe class TcpStreamsTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void Every_algorithm_is_right_over_several_streams(int ranks, int streams)
    {
        using TestHub hub = Hub(ranks, streams);
        AlgorithmCase[] cases =
        [
            .. Operations.All.Where(collective => collective.Refusal(ranks) is null).SelectMany(collective => AlgorithmCase.All(
                collective, AlgorithmTable.Of(collective), [DataType.Float32], [Reduction.Sum], [1, 70_001], [1])),
        ];
        TestWorld.Run(hub, communicator =>
        {
            foreach (AlgorithmCase one in cases) one.Check(communicator.Links);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(RunOptions.MostStreams)]
    public void Bytes_arrive_in_their_order_whatever_the_sizes_of_the_messages(int streams)
    {
        int[] sizes = [1, TcpLink.BlockBytes - 1, 7, TcpLink.BlockBytes, 3 * TcpLink.BlockBytes + 5, 2, 1_000_000, 8, 65_537];
        using TestHub hub = Hub(2, streams);
        TestWorld.Run(hub, communicator =>
        {
            int peer = 1 - communicator.Rank;
            long position = 0;
            foreach (int size in sizes)
            {
                byte[] send = new byte[size], receive = new byte[size];
                for (int i = 0; i < size; i++) send[i] = Byte(communicator.Rank, position + i);
                fixed (byte* from = send, to = receive)
                    communicator.Links.Exchange(peer, from, size, peer, to, size);
                for (int i = 0; i < size; i++)
                    if (receive[i] != Byte(peer, position + i)) Assert.Fail($"byte {position + i} of the stream is another one");
                position += size;
            }
        });

        static byte Byte(int rank, long position) => (byte)((position * 2654435761 >> 13) + rank);
    }

    [Fact]
    public void A_pair_has_as_many_connections_as_streams()
    {
        const string Address = "0807077F", Established = " 01 ";
        using TestHub hub = Hub(2, 3);
        HostCommunicator[] communicators = TestWorld.Connect(hub, bind: IPAddress.Parse("127.7.7.8"));
        int ends = File.ReadLines("/proc/net/tcp").Count(line => line.Contains(Address, StringComparison.Ordinal)
            && line.Contains(Established, StringComparison.Ordinal));
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
        Assert.Equal(2 * 3, ends);
    }

    [Fact]
    public void The_congestion_control_that_was_asked_for_is_that_of_both_ends()
    {
        // Every kernel has it, and lets everybody have it.
        using TestHub hub = TestWorld.Hub(
            [1, 1], new RunOptions { Transport = Transport.Tcp, Streams = 2, TcpCongestion = "reno" });
        TestWorld.Run(hub, communicator => Assert.Equal("reno", communicator.CongestionControl));
    }

    [Fact]
    public void A_congestion_control_that_the_kernel_does_not_have_is_refused_with_those_that_it_has()
    {
        var refused = Assert.Throws<RunException>(() => HostFabric.RequireNetwork([], "no-such"));
        Assert.StartsWith("--tcp-congestion no-such: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("reno", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_interfaces_than_streams_are_refused()
    {
        using TestHub hub = Hub(2, 1);
        var refused = Assert.Throws<RunException>(() => TestWorld.Connect(hub, "lo,::1/128"));
        Assert.StartsWith("--interface lo,::1/128: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_names_of_one_address_are_refused()
    {
        var refused = Assert.Throws<RunException>(() => HostFabric.RequireNetwork(["lo", "127.0.0.1/32"], null));
        Assert.StartsWith("--interface lo,127.0.0.1/32: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", refused.Message, StringComparison.Ordinal);
    }

    private static TestHub Hub(int ranks, int streams) => TestWorld.Hub(
        [.. Enumerable.Repeat(1, ranks)], new RunOptions { Transport = Transport.Tcp, Streams = streams });
}
