using System.Net;
using Nperf.Core.Liveness;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>The server's end: the middle of the star. Of a local run of one process, the whole of it.</summary>
internal sealed class ServerControl(
    Peers clients, World world, RunOptions options, byte[] runId, IPAddress? localAddress,
    Token? token = null, IDisposable? listener = null, Members? members = null) : Control
{
    public override World World { get; } = clients.Begin(world);

    public override ProcessInfo Self => World.Processes[0];

    public override RunOptions Options { get; } = options;

    public override ReadOnlyMemory<byte> RunId { get; } = runId;

    public override ReadOnlyMemory<byte> DataSecret => token?.DataSecret(RunId.Span) ?? RunId;

    public override AbortSignal AbortSignal => clients.AbortSignal;

    public override IPAddress? LocalAddress { get; } = localAddress;

    internal override RankMarks Marks => clients.Marks;

    internal override Failure Here(Failure failure) => clients.Here(failure);

    internal override RunWatch? Watch => clients.Watch;

    public override void Barrier(string step)
    {
        clients.Step = step;
        clients.TakeAll(MessageType.Barrier);
        clients.Post(new Message(MessageType.Release));
    }

    public override byte[] Broadcast(int root, byte[] payload, string step)
    {
        ControlLimits.CheckRoot(root, World);
        clients.Step = step;
        AbortSignal.ThrowIfSet();
        if (root == Self.Index)
        {
            ControlLimits.CheckPayload(payload);
            clients.Post(new Message(MessageType.Broadcast, payload));
            return payload;
        }

        Message message = clients.Take(root, MessageType.Broadcast);
        clients.PostExcept(root, message);
        return message.Payload.ToArray();
    }

    public override double[] AllReduce(double[] values, ControlReduction reduction, string step)
    {
        ControlLimits.CheckValues(values);
        clients.Step = step;
        double[] total = [.. values];
        Message[] messages = clients.TakeAll(MessageType.Values);
        for (int i = 0; i < messages.Length; i++)
        {
            Message message = messages[i];
            double[] more = clients.Decode(i + 1, () => ValuesPayload.Decode(message, total.Length, reduction));
            ValuesPayload.Combine(total, more, reduction);
        }

        clients.Post(ValuesPayload.Encode(total, reduction));
        return total;
    }

    public override byte[][]? Gather(byte[] payload, string step)
    {
        ControlLimits.CheckPayload(payload);
        clients.Step = step;
        Message[] messages = clients.TakeAll(MessageType.Gather);
        return [payload, .. messages.Select(message => message.Payload.ToArray())];
    }

    public override void Abort(Failure failure) => clients.Fail(failure);

    public override void Leave()
    {
        clients.Step = "leaving";
        clients.TakeAll(MessageType.Leave);
        clients.Post(new Message(MessageType.Leave));
        clients.End();
    }

    internal override Failure Explain(Failure own) => clients.Explain(own);

    internal override void Ask(Func<string?> witness) => clients.Witness = witness;

    public override void Dispose()
    {
        listener?.Dispose();
        clients.Dispose();
        members?.Dispose();
    }
}
