using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Benchmarking;

/// <summary>A combination of operation, type, reduction and root, and the sizes it runs through.</summary>
internal sealed record SectionPlan(Collective Collective, DataType DataType, Reduction Reduction, int Root)
{
    /// <summary>The sizes asked for, bytes; a barrier has one, 0.</summary>
    public required IReadOnlyList<long> Sizes { get; init; }

    /// <summary>As observers are told.</summary>
    public Section ToSection(int cycle) => new(
        Collective.Name, DataType.Name(), ReduceOpName, RootOrNull, cycle);

    /// <summary>The reduction's name where the operation has one.</summary>
    public string? ReduceOpName => Collective.Reduces ? Reduction.Name() : null;

    /// <summary>The root where the operation has one.</summary>
    public int? RootOrNull => Collective.HasRoot ? Root : null;

    /// <summary>For people: <c>allreduce float32 sum</c>.</summary>
    public override string ToString()
    {
        string text = Collective.HasData ? $"{Collective.Name} {DataType.Name()}" : Collective.Name;
        if (Collective.Reduces) text += $" {Reduction.Name()}";
        return Collective.HasRoot ? $"{text} root {Root}" : text;
    }

    /// <summary>
    /// Every section that <paramref name="options"/> ask for, in order. An operation that has no reduction, root or data
    /// is run once for all that were named of those.
    /// </summary>
    /// <exception cref="RunException">A root is not a rank.</exception>
    public static IReadOnlyList<SectionPlan> All(RunOptions options, int worldSize)
    {
        IReadOnlyList<int> roots = options.Roots.Count == 0 ? Enumerable.Range(0, worldSize).ToArray() : options.Roots;
        if (roots.FirstOrDefault(root => root >= worldSize, -1) is >= 0 and int stranger)
        {
            throw new RunException(FailureKind.Error,
                $"--root: {stranger} is not a rank; with {worldSize} ranks they are 0 to {worldSize - 1}");
        }
        long[] sizes = options.Sizes().ToArray();
        var sections =
            from name in options.Operations
            let collective = Operations.Find(name)
                ?? throw new RunException(FailureKind.Error, $"--op: {name} is not an operation this version has")
            from type in collective.HasData ? options.DataTypes : options.DataTypes.Take(1)
            from reduction in collective.Reduces ? options.Reductions : options.Reductions.Take(1)
            from root in collective.HasRoot ? roots : roots.Take(1)
            select new SectionPlan(collective, type, reduction, root)
            {
                Sizes = collective.HasData ? sizes : [0],
            };
        return sections.ToArray();
    }
}
