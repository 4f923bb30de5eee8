namespace Nperf.Core.Options;

/// <summary>An algorithm of the host backend, and the calls that take it.</summary>
/// <param name="Operation">The collective's name.</param>
/// <param name="UpToRanks">The most ranks, from 2 on; <see cref="AnyRanks"/>: any number.</param>
/// <param name="UpToBytes">The largest call in bytes, from 1 on; <see cref="AnyBytes"/>: any size.</param>
/// <param name="Algorithm">The algorithm's name, one of that collective's.</param>
/// <param name="Reach">Taken only where the ranks get at least so far into each other's memory.</param>
/// <param name="Crowded">Taken only where more ranks than processors share a machine of the run.</param>
public sealed record AlgorithmRule(
    string Operation, int UpToRanks, long UpToBytes, string Algorithm, MemoryReach Reach = MemoryReach.None, bool Crowded = false)
{
    /// <summary>As <see cref="UpToRanks"/>: any number.</summary>
    public const int AnyRanks = int.MaxValue;

    /// <summary>As <see cref="UpToBytes"/>: any size.</summary>
    public const long AnyBytes = long.MaxValue;

    /// <summary>The word for any number and any size.</summary>
    internal const string Any = "any";

    /// <summary>True where every call that <paramref name="later"/> has room for is taken by this one, which stands before it.</summary>
    internal bool Hides(AlgorithmRule later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return Operation == later.Operation && UpToRanks >= later.UpToRanks && UpToBytes >= later.UpToBytes
            && Reach <= later.Reach && (!Crowded || later.Crowded);
    }

    /// <summary>As a line of a file of <c>--algo-table</c>: <c>allreduce 2 192K recursive-doubling</c>.</summary>
    public override string ToString() => $"{Operation} {Ranks} {Bytes} {Algorithm} {Where}".TrimEnd();

    /// <summary>The word for <see cref="Crowded"/>.</summary>
    internal const string CrowdedWord = "crowded";

    /// <summary>What it takes besides, as in a file: <c>copies</c>, <c>maps</c>, <c>crowded</c> or nothing.</summary>
    internal string Where => Crowded ? CrowdedWord : Reach == MemoryReach.None ? "" : Reach.ToString().ToLowerInvariant();

    /// <summary>The number of ranks as in a file.</summary>
    internal string Ranks => UpToRanks == AnyRanks ? Any : $"{UpToRanks}";

    /// <summary>The size as in a file.</summary>
    internal string Bytes => UpToBytes == AnyBytes ? Any : RunOptionsText.Size(UpToBytes);
}

/// <summary>What a user wants instead of the host backend's own table: of each collective the first rule with room for a call.</summary>
/// <param name="Rules">In their order.</param>
public sealed record AlgorithmRules(IReadOnlyList<AlgorithmRule> Rules)
{
    /// <summary>The most rules.</summary>
    internal const int Most = 1000;

    /// <summary>True when there are rules and each is within its limits: what else may come from a network.</summary>
    internal bool IsSound =>
        Rules is { Count: > 0 and <= Most }
        && Rules.All(rule => rule is { Operation: not null, Algorithm: not null, UpToRanks: >= 2, UpToBytes: >= 1, Reach: >= MemoryReach.None and <= MemoryReach.Maps });

    /// <summary>How many there are and a number that tells them from others: <c>3:5f1c0e39a2b47d86</c>.</summary>
    public override string ToString()
    {
        // FNV-1a: against mistakes, not against intent.
        ulong hash = 14695981039346656037;
        foreach (char letter in string.Join('\n', Rules)) hash = (hash ^ letter) * 1099511628211;
        return $"{Rules.Count}:{hash:x16}";
    }
}
