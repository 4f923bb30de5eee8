using System.Net;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Host;

/// <summary>What the pretended processes of one test share in place of control connections.</summary>
internal sealed class TestHub(World world, RunOptions options) : IDisposable
{
    public World World { get; } = world;

    public RunOptions Options { get; } = options;

    public byte[] RunId { get; } = Guid.NewGuid().ToByteArray();

    public byte[][] Slots { get; } = new byte[world.Processes.Count][];

    public Barrier Barrier { get; } = new(world.Processes.Count);

    public List<AbortSignal> AbortSignals { get; } = [.. world.Processes.Select(_ => new AbortSignal())];

    public void Abort(Failure failure)
    {
        foreach (AbortSignal signal in AbortSignals) signal.Set(failure);
    }

    public void Dispose()
    {
        foreach (AbortSignal signal in AbortSignals) signal.Dispose();
        Barrier.Dispose();
    }
}

/// <summary>The control connection of one pretended process: shared objects instead of sockets.</summary>
internal sealed class TestControl(TestHub hub, int index, IPAddress? localAddress) : Control
{
    public override World World => hub.World;

    public override ProcessInfo Self => hub.World.Processes[index];

    public override RunOptions Options => hub.Options;

    public override ReadOnlyMemory<byte> RunId => hub.RunId;

    public override AbortSignal AbortSignal => hub.AbortSignals[index];

    public override IPAddress? LocalAddress => localAddress;

    public override void Barrier(string step)
    {
        try
        {
            if (!hub.Barrier.SignalAndWait(hub.Options.Timeout, AbortSignal.Token))
                throw new RunException(FailureKind.Timeout, $"{step}: not all processes came");
        }
        catch (OperationCanceledException)
        {
            AbortSignal.ThrowIfSet();
        }
    }

    public override byte[] Broadcast(int root, byte[] payload, string step)
    {
        if (index == root) hub.Slots[root] = payload;
        Barrier(step);
        byte[] received = hub.Slots[root];
        Barrier(step);
        return received;
    }

    public override byte[][]? Gather(byte[] payload, string step)
    {
        hub.Slots[index] = payload;
        Barrier(step);
        byte[][]? gathered = index == 0 ? [.. hub.Slots] : null;
        Barrier(step);
        return gathered;
    }

    public override double[] AllReduce(double[] values, ControlReduction reduction, string step)
    {
        byte[][]? all = Gather([.. values.SelectMany(BitConverter.GetBytes)], step);
        double[]? least = all is null
            ? null
            : [.. values.Select((_, index) => all.Min(one => BitConverter.ToDouble(one, index * sizeof(double))))];
        Assert.Equal(ControlReduction.Min, reduction);
        byte[] result = Broadcast(0, least is null ? [] : [.. least.SelectMany(BitConverter.GetBytes)], step);
        return [.. values.Select((_, index) => BitConverter.ToDouble(result, index * sizeof(double)))];
    }

    public override void Abort(Failure failure) => hub.Abort(failure);

    public override void Leave() => Barrier("leaving");

    public override void Dispose()
    {
    }
}
