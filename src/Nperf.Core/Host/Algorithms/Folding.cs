using System.Numerics;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Reduces any number of ranks to a power of two: of the first 2·extra ranks each even one gives its data to the odd
/// one after it, and waits for the result. The ranks that stay are numbered from 0 in the order of the ranks.
/// Source: Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication Operations in MPICH" (2005).
/// </summary>
internal readonly struct Folding(int rank, int worldSize)
{
    private readonly int _extra = worldSize - Largest(worldSize);

    /// <summary>The number of ranks that stay: the largest power of two up to the world size.</summary>
    public int Power { get; } = Largest(worldSize);

    /// <summary>This rank gives its data to the next rank.</summary>
    public bool Leaves => rank < 2 * _extra && (rank & 1) == 0;

    /// <summary>This rank stays and takes the data of the rank before it.</summary>
    public bool Takes => rank < 2 * _extra && (rank & 1) == 1;

    /// <summary>This rank's number among those that stay.</summary>
    public int Number => rank < 2 * _extra ? rank >> 1 : rank - _extra;

    /// <summary>The rank that has <paramref name="number"/> among those that stay.</summary>
    public int RankOf(int number) => number < _extra ? 2 * number + 1 : number + _extra;

    /// <summary>
    /// The first rank whose block belongs to <paramref name="number"/>: its own, or that of the rank it took in. For <see cref="Power"/> the world size.
    /// </summary>
    public int FirstBlock(int number) => number < _extra ? 2 * number : number + _extra;

    private static int Largest(int worldSize) => 1 << BitOperations.Log2((uint)worldSize);
}
