using System.Net;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>A client's end: one connection, to the server.</summary>
internal sealed class ClientControl(
    Peers server, World world, ProcessInfo self, RunOptions options, byte[] runId, IPAddress? localAddress,
    Token? token, Members? members) : Control
{
    private const int Server = 0;

    /// <summary>
    /// A client waits a little longer than the server, which knows who is missing and says so: its word comes first.
    /// </summary>
    private readonly TimeSpan _timeout = ControlLimits.ClientWait(options.Timeout);

    public override World World { get; } = world;

    public override ProcessInfo Self { get; } = self;

    public override RunOptions Options { get; } = options;

    public override ReadOnlyMemory<byte> RunId { get; } = runId;

    public override ReadOnlyMemory<byte> DataSecret => token?.DataSecret(RunId.Span) ?? RunId;

    public override AbortSignal AbortSignal => server.AbortSignal;

    public override IPAddress? LocalAddress { get; } = localAddress;

    public override void Barrier(string step)
    {
        server.Step = step;
        server.Post(new Message(MessageType.Barrier));
        server.Take(Server, _timeout, MessageType.Release);
    }

    public override byte[] Broadcast(int root, byte[] payload, string step)
    {
        ControlLimits.CheckRoot(root, World);
        server.Step = step;
        AbortSignal.ThrowIfSet();
        if (root != Self.Index) return server.Take(Server, _timeout, MessageType.Broadcast).Payload.ToArray();
        ControlLimits.CheckPayload(payload);
        server.Post(new Message(MessageType.Broadcast, payload));
        return payload;
    }

    public override double[] AllReduce(double[] values, ControlReduction reduction, string step)
    {
        ControlLimits.CheckValues(values);
        server.Step = step;
        server.Post(ValuesPayload.Encode(values, reduction));
        Message message = server.Take(Server, _timeout, MessageType.Values);
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

    public override void Leave()
    {
        server.Step = "leaving";
        server.Post(new Message(MessageType.Leave));
        server.Take(Server, _timeout, MessageType.Leave);
    }

    public override void Dispose()
    {
        server.Dispose();
        members?.Dispose();
    }
}
