using Nperf.Core.Data;
using Nperf.Core.NcclLog;

namespace Nperf.Core.NcclBackend;

/// <summary>What NCCL's log says it chose for the calls of a run.</summary>
internal sealed class NcclChoices
{
    private readonly Dictionary<CollectiveCall, CollectiveChoice> _known = [];

    /// <summary>Nothing is known.</summary>
    public static NcclChoices Unknown { get; } = new();

    /// <summary>The choices that <paramref name="activity"/> tells for <paramref name="calls"/>, run in this order.</summary>
    public static NcclChoices Of(IReadOnlyList<CollectiveCall> calls, NcclActivity activity, int worldSize)
    {
        var choices = new NcclChoices();
        var cursor = new NcclChoiceCursor(activity.Choices);
        foreach (CollectiveCall call in calls)
        {
            if (cursor.Next(call.Collective.Name, call.Count * call.DataType.Size(), worldSize) is { } found)
                choices._known[Key(call)] = new CollectiveChoice(found.Algorithm, found.Protocol, found.Channels?.Count);
        }

        return choices;
    }

    /// <summary>The choice for <paramref name="call"/>, as far as it is known.</summary>
    public CollectiveChoice For(in CollectiveCall call) => _known.GetValueOrDefault(Key(call));

    private static CollectiveCall Key(in CollectiveCall call) =>
        call with { Send = 0, Receive = 0 };
}
