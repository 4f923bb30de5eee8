namespace Nperf.Core.NcclLog;

/// <summary>Finds the choices that belong to a sequence of collectives, in the order in which they were enqueued.</summary>
/// <param name="choices">The choices, in order of appearance.</param>
internal sealed class NcclChoiceCursor(IReadOnlyList<NcclChoice> choices)
{
    private int _next;

    /// <summary>
    /// The next choice for a call of <paramref name="operation"/> (nperf's name) whose count argument means
    /// <paramref name="countBytes"/> bytes, among <paramref name="ranks"/> ranks; null, and the place stays, where there
    /// is none: NCCL tells nothing of send and receive, of what consists of them, and of a single rank.
    /// </summary>
    public NcclChoice? Next(string operation, long countBytes, int ranks)
    {
        for (int i = _next; i < choices.Count; i++)
        {
            if (!Fits(choices[i], operation, countBytes, ranks)) continue;
            _next = i + 1;
            return choices[i];
        }

        return null;
    }

    private static bool Fits(NcclChoice choice, string operation, long countBytes, int ranks)
    {
        if (choice.Operation is { } name && !name.Equals(operation, StringComparison.OrdinalIgnoreCase)) return false;
        return choice.Bytes == countBytes
            || (operation is "allgather" or "reducescatter" && choice.Bytes == countBytes * ranks);
    }
}
