namespace Nperf.Core.Options;

/// <summary>Who sends how much to whom in an alltoallv, as a square matrix.</summary>
/// <param name="Rows">For each sending rank the bytes to each receiving rank.</param>
public sealed record TrafficMatrix(IReadOnlyList<IReadOnlyList<long>> Rows)
{
    /// <summary>The most ranks it has: with <see cref="MostBytes"/> it fits into the message that brings it to a client.</summary>
    public const int MostRanks = 1024;

    /// <summary>The most bytes from one rank to one: 1 TiB.</summary>
    public const long MostBytes = 1L << 40;

    /// <summary>True when it is square, within the limits, and has something to send: what else may come from a network.</summary>
    internal bool IsSound =>
        Rows is { Count: > 0 and <= MostRanks }
        && Rows.All(row => row is not null && row.Count == Rows.Count && row.All(bytes => bytes is >= 0 and <= MostBytes))
        && Rows.Any(row => row.Any(bytes => bytes > 0));

    /// <summary>Why <paramref name="ranks"/> ranks cannot run it: the end of a sentence about it, or null.</summary>
    internal string? Refusal(int ranks)
    {
        if (ranks > Rows.Count)
            return $"the matrix has {Rows.Count} rows, and there are {ranks} ranks; it needs a row and a column for each";
        return BusiestBytes(ranks) == 0 ? $"the first {ranks} ranks of the matrix send each other nothing" : null;
    }

    /// <summary>Of its first <paramref name="ranks"/> ranks, the bytes that the busiest sends or receives, whichever are more.</summary>
    internal long BusiestBytes(int ranks)
    {
        long busiest = 0;
        for (int rank = 0; rank < ranks; rank++)
        {
            long sent = 0, received = 0;
            for (int peer = 0; peer < ranks; peer++)
            {
                sent += Rows[rank][peer];
                received += Rows[peer][rank];
            }

            busiest = Math.Max(busiest, Math.Max(sent, received));
        }

        return busiest;
    }

    /// <summary>Its size and a number that tells it from others: <c>8x8:5f1c0e39a2b47d86</c>.</summary>
    public override string ToString()
    {
        // FNV-1a over whole numbers: against mistakes, not against intent.
        ulong hash = 14695981039346656037;
        foreach (long bytes in Rows.SelectMany(row => row)) hash = (hash ^ (ulong)bytes) * 1099511628211;
        return $"{Rows.Count}x{Rows.Count}:{hash:x16}";
    }
}
