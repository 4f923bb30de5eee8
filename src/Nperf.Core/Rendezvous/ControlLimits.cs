using Nperf.Native;

namespace Nperf.Core.Rendezvous;

/// <summary>What both ends of the control connections check before they send, and how long they wait.</summary>
internal static class ControlLimits
{
    /// <summary>A run's id has the size of NCCL's unique id.</summary>
    private const int RunIdBytes = 128;

    public static byte[] NewRunId()
    {
        byte[] id = new byte[RunIdBytes];
        LibC.FillRandom(id);
        return id;
    }

    public static void CheckPayload(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.Length > Message.LargestCap)
        {
            throw new ArgumentException($"{payload.Length} bytes; a message has at most {Message.LargestCap}", nameof(payload));
        }
    }

    public static void CheckValues(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int most = (Message.Cap(MessageType.Values) - 1) / sizeof(double);
        if (values.Length > most) throw new ArgumentException($"{values.Length} values; at most {most}", nameof(values));
    }

    public static void CheckRoot(int root, World world)
    {
        if (root >= 0 && root < world.Processes.Count) return;
        throw new ArgumentOutOfRangeException(nameof(root), root, $"there are {world.Processes.Count} processes");
    }

    /// <summary>
    /// The server's wait and a quarter of it more, but no more than five seconds more: the server knows who holds the run up,
    /// and its word comes first.
    /// </summary>
    public static TimeSpan ClientWait(TimeSpan serverWait) =>
        serverWait + TimeSpan.FromSeconds(Math.Min(serverWait.TotalSeconds / 4, 5));

    /// <summary>When the server gives a run up in which nobody waits: when whoever waits would have long spoken.</summary>
    public static TimeSpan LastWait(TimeSpan serverWait) =>
        serverWait + TimeSpan.FromSeconds(Math.Max(serverWait.TotalSeconds / 4, 5));
}
