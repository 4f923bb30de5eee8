using Nperf.Core.Data;

namespace Nperf.Core.Tests.Benchmarking;

public enum Fault
{
    /// <summary>One bit of one element is flipped.</summary>
    FlippedBit,

    /// <summary>Two blocks have changed places.</summary>
    MovedBlock,

    /// <summary>The last block was never written.</summary>
    SkippedWrite,

    /// <summary>The result of the call before is there again.</summary>
    StaleBuffer,
}

/// <summary>Runs every collective rightly and then spoils one rank's receive buffer.</summary>
internal sealed unsafe class PlantedFault(Communicator inner, Fault fault, int faultyRank) : WrappedCommunicator(inner)
{
    private const int BlockBytes = 64;

    private readonly Dictionary<(nint, long), byte[]> _earlier = [];
    private int _calls;

    public override void Execute(in CollectiveCall call)
    {
        int rank = call.Collective.HasRoot && call.Collective.ReceiveCount(1, WorldSize, faultyRank, call.Root) == 0
            ? call.Root
            : faultyRank;
        if (Rank != rank)
        {
            base.Execute(call);
            return;
        }
        long count = call.Collective.ReceiveCount(call.Count, WorldSize, Rank, call.Root);
        var received = new Span<byte>((void*)call.Receive, checked((int)(count * call.DataType.Size())));
        byte[] before = received.ToArray();
        base.Execute(call);
        Spoil(received, before, (call.Receive, count));
    }

    private void Spoil(Span<byte> received, byte[] before, (nint, long) place)
    {
        int block = Math.Min(BlockBytes, received.Length / 2);
        switch (fault)
        {
            case Fault.FlippedBit:
                received[_calls * 7919 % received.Length] ^= (byte)(1 << (_calls % 8));
                _calls++;
                break;
            case Fault.MovedBlock:
                byte[] first = received[..block].ToArray();
                received[^block..].CopyTo(received);
                first.CopyTo(received[^block..]);
                break;
            case Fault.SkippedWrite:
                before.AsSpan(^block..).CopyTo(received[^block..]);
                break;
            case Fault.StaleBuffer:
                byte[] fresh = received.ToArray();
                if (_earlier.TryGetValue(place, out byte[]? earlier)) earlier.CopyTo(received);
                _earlier[place] = fresh;
                break;
        }
    }
}
