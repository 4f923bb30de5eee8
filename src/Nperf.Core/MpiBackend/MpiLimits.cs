using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.MpiBackend;

/// <summary>Refuses, before anything is allocated, sizes that MPI's calls cannot name: their counts are C's int.</summary>
internal static class MpiLimits
{
    /// <param name="sections">What is to be run.</param>
    /// <param name="worldSize">The number of ranks in a group.</param>
    /// <exception cref="RunException">A size is too large; the message names the largest that is not.</exception>
    public static void Require(IEnumerable<SectionPlan> sections, int worldSize)
    {
        foreach (SectionPlan section in sections)
        {
            (Collective collective, int element) = (section.Collective, section.DataType.Size());
            long count = collective.CountFor(section.Sizes[^1], element, worldSize);
            if (LargestNumber(section, count, worldSize) <= int.MaxValue) continue;
            throw new RunException(FailureKind.Error,
                $"-B: {section} takes at most {Fitting(section, worldSize)} among {worldSize} ranks with MPI, whose calls count "
                + "elements with 31 bits; a smaller size, or a type of more bytes");
        }
    }

    /// <summary>The largest number that a call of MPI is given for <paramref name="count"/>: a count or an offset, in elements.</summary>
    private static long LargestNumber(SectionPlan section, long count, int worldSize) => section.Collective switch
    {
        Hypercube => count * Math.Max(1, worldSize / 2),
        AllToAllV => Enumerable.Range(0, worldSize).Max(rank => Math.Max(
            section.Collective.SendCount(count, worldSize, rank, section.Root),
            section.Collective.ReceiveCount(count, worldSize, rank, section.Root))),
        _ => count,
    };

    // In whole MiB, as it is typed. An alltoallv's count is at least what its busiest rank has.
    private static string Fitting(SectionPlan section, int worldSize)
    {
        const long unit = 1 << 20;
        long elements = section.Collective switch
        {
            Hypercube => int.MaxValue / Math.Max(1, worldSize / 2) * (long)worldSize,
            BlockCollective => int.MaxValue * (long)worldSize,
            _ => int.MaxValue,
        };
        return RunOptionsText.Size(elements * section.DataType.Size() / unit * unit);
    }
}
