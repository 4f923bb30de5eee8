namespace Nperf.Core.NcclBackend;

/// <summary>What NCCL's log says it chose for the calls of a run.</summary>
internal sealed class NcclChoices
{
    private readonly Dictionary<CollectiveCall, CollectiveChoice> _known = [];

    /// <summary>Nothing is known.</summary>
    public static NcclChoices Unknown { get; } = new();

    /// <summary>Remembers the choice for <paramref name="call"/>, whatever its buffers are.</summary>
    public void Add(in CollectiveCall call, CollectiveChoice choice) => _known[Key(call)] = choice;

    /// <summary>The choice for <paramref name="call"/>, as far as it is known.</summary>
    public CollectiveChoice For(in CollectiveCall call) => _known.GetValueOrDefault(Key(call));

    private static CollectiveCall Key(in CollectiveCall call) =>
        call with { Send = 0, Receive = call.Send == call.Receive ? 0 : 1 };
}
