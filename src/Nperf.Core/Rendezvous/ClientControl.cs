using System.Net;
using Nperf.Core.Liveness;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>A client's end: one connection, to the server.</summary>
internal sealed class ClientControl(
    Peers server, World world, ProcessInfo self, RunOptions options, byte[] runId, IPAddress? localAddress,
    Token? token, Members? members) : Control
{
    private const int Server = 0;

    public override World World { get; } = server.Begin(world);

    public override ProcessInfo Self { get; } = self;

    public override RunOptions Options { get; } = options;

    public override ReadOnlyMemory<byte> RunId { get; } = runId;

    public override ReadOnlyMemory<byte> DataSecret => token?.DataSecret(RunId.Span) ?? RunId;

    public override AbortSignal AbortSignal => server.AbortSignal;

    public override IPAddress? LocalAddress { get; } = localAddress;

    internal override RankMarks Marks => server.Marks;

    internal override Failure Here(Failure failure) => server.Here(failure);

    internal override RunWatch? Watch => server.Watch;

    public override void Barrier(string step)
    {
        server.Step = step;
        server.Post(new Message(MessageType.Barrier));
        server.Take(Server, MessageType.Release);
    }

    public override byte[] Broadcast(int root, byte[] payload, string step)
    {
        ControlLimits.CheckRoot(root, World);
        server.Step = step;
        AbortSignal.ThrowIfSet();
        if (root != Self.Index) return server.Take(Server, MessageType.Broadcast).Payload.ToArray();
        ControlLimits.CheckPayload(payload);
        server.Post(new Message(MessageType.Broadcast, payload));
        return payload;
    }

    public override double[] AllReduce(double[] values, ControlReduction reduction, string step)
    {
        ControlLimits.CheckValues(values);
        server.Step = step;
        server.Post(ValuesPayload.Encode(values, reduction));
        Message message = server.Take(Server, MessageType.Values);
        return server.Decode(Server, () => ValuesPayload.Decode(message, values.Length, reduction));
    }

    public override byte[][]? Gather(byte[] payload, string step)
    {
        ControlLimits.CheckPayload(payload);
        server.Step = step;
        AbortSignal.ThrowIfSet();
        server.Post(new Message(MessageType.Gather, payload));
        return null;
    }

    public override void Abort(Failure failure) => server.Fail(failure);

    internal override Failure Explain(Failure own) => server.Explain(own);

    public override void Leave()
    {
        server.Step = "leaving";
        server.Post(new Message(MessageType.Leave));
        server.Take(Server, MessageType.Leave);
        server.End();
    }

    public override void Dispose()
    {
        server.Dispose();
        members?.Dispose();
    }
}
