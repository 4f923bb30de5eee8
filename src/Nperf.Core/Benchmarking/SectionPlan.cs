using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.MpiBackend;
using Nperf.Core.Options;

namespace Nperf.Core.Benchmarking;

/// <summary>A combination of operation, type, reduction and root, and the sizes it runs through.</summary>
internal sealed record SectionPlan(Collective Collective, DataType DataType, Reduction Reduction, int Root)
{
    /// <summary>The sizes asked for, bytes; a barrier has one, 0.</summary>
    public required IReadOnlyList<long> Sizes { get; init; }

    /// <summary>True where send and receive buffer are one (<see cref="Collective.InPlaceOf"/>).</summary>
    public bool InPlace { get; init; }

    /// <summary>As observers are told.</summary>
    public Section ToSection(int cycle) =>
        new Section(Collective.Name, DataType.Name(), ReduceOpName, RootOrNull, cycle) with { InPlace = InPlace };

    /// <summary>The reduction's name where the operation has one.</summary>
    public string? ReduceOpName => Collective.Reduces ? Reduction.Name() : null;

    /// <summary>The root where the operation has one.</summary>
    public int? RootOrNull => Collective.HasRoot ? Root : null;

    /// <summary>For people: <c>allreduce float32 sum</c>.</summary>
    public override string ToString()
    {
        string text = Collective.HasData ? $"{Collective.Name} {DataType.Name()}" : Collective.Name;
        if (Collective.Reduces) text += $" {Reduction.Name()}";
        if (Collective.HasRoot) text += $" root {Root}";
        return InPlace ? $"{text} in place" : text;
    }

    /// <summary>
    /// Every section that <paramref name="options"/> ask for, in order. An operation that has no reduction, root or data
    /// is run once for all that were named of those. Types and reductions that MPI does not have are left out with it.
    /// </summary>
    /// <exception cref="RunException">A root is not a rank, or an operation cannot be run as asked.</exception>
    public static IReadOnlyList<SectionPlan> All(RunOptions options, int worldSize)
    {
        IReadOnlyList<int> roots = options.Roots.Count == 0 ? Enumerable.Range(0, worldSize).ToArray() : options.Roots;
        if (roots.FirstOrDefault(root => root >= worldSize, -1) is >= 0 and int stranger)
        {
            throw new RunException(FailureKind.Usage,
                $"--root: {stranger} is not a rank; with {worldSize} ranks they are 0 to {worldSize - 1}");
        }
        long[] sizes = options.Sizes().ToArray();
        bool byMpi = options.Backend == Backend.Mpi;
        DataType[] types = [.. options.DataTypes.Where(type => !byMpi || MpiTypes.Has(type))];
        Reduction[] reductions = [.. options.Reductions.Where(reduction => !byMpi || MpiTypes.Has(reduction))];
        var sections =
            from name in Named(options, worldSize)
            from inPlace in Places(name, options.InPlace)
            from type in Operations.Find(name) is { HasData: false } ? types.Take(1) : types
            let collective = Operations.For(name, options, type, worldSize)
            from reduction in collective.Reduces ? reductions : reductions.Take(1)
            from root in collective.HasRoot ? roots : roots.Take(1)
            select new SectionPlan(collective, type, reduction, root)
            {
                Sizes = SizesOf(collective, options, sizes, worldSize),
                InPlace = inPlace,
            };
        return sections.ToArray();
    }

    /// <summary>
    /// The operations asked for. Where all are, those that cannot be run among so many ranks are left out; one that was
    /// named is refused later.
    /// </summary>
    private static IEnumerable<string> Named(RunOptions options, int worldSize) =>
        options.WantsAllOperations
            ? options.Operations.Where(name => Operations.Find(name)?.Refusal(worldSize) is null)
            : options.Operations;

    /// <summary>Out of place (false) and in place (true), as far as the operation can.</summary>
    private static bool[] Places(string operation, InPlaceMode mode) =>
        (mode, Operations.Find(operation) is { CanBeInPlace: true }) switch
        {
            (InPlaceMode.Yes, true) => [true],
            (InPlaceMode.Both, true) => [false, true],
            (InPlaceMode.Yes, false) => throw new RunException(
                FailureKind.Usage, $"--in-place: {operation} cannot run in place"),
            _ => [false],
        };

    private static long[] SizesOf(Collective collective, RunOptions options, long[] sizes, int worldSize)
    {
        if (!collective.HasData) return [0];
        return collective is AllToAllV && options is { Traffic: { } matrix, UnscaledTraffic: true }
            ? [matrix.BusiestBytes(worldSize)]
            : sizes;
    }
}
