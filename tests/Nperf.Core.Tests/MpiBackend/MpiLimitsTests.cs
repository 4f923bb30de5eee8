using Nperf.Core.Benchmarking;
using Nperf.Core.Data;
using Nperf.Core.MpiBackend;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.MpiBackend;

public class MpiLimitsTests
{
    private const long Gi = 1L << 30;

    /// <summary>MPI counts to 2^31 - 1: the largest whole MiB below.</summary>
    [Theory]
    [InlineData("allreduce", DataType.Float32, 2, "8191M")]
    [InlineData("allreduce", DataType.Int8, 2, "2047M")]
    [InlineData("sendrecv", DataType.Float64, 3, "16383M")]
    [InlineData("allgather", DataType.Float32, 4, "32767M")]
    [InlineData("reducescatter", DataType.Float32, 2, "16383M")]
    [InlineData("hypercube", DataType.Float32, 8, "16383M")]
    [InlineData("alltoallv", DataType.Float32, 2, "8191M")]
    public void The_largest_size_that_fits_is_named_and_fits(string operation, DataType type, int ranks, string fitting)
    {
        var refused = Assert.Throws<RunException>(() => Require(operation, type, ranks, 64 * Gi));

        Assert.StartsWith($"-B: {operation} {type.Name()}", refused.Message, StringComparison.Ordinal);
        Assert.Contains($" takes at most {fitting} among {ranks} ranks with MPI", refused.Message, StringComparison.Ordinal);
        long size = long.Parse(fitting.TrimEnd('M'), System.Globalization.CultureInfo.InvariantCulture) << 20;
        Require(operation, type, ranks, size);
        Assert.Throws<RunException>(() => Require(operation, type, ranks, size + (2L << 20)));
    }

    [Fact]
    public void A_barrier_has_no_limit() => Require("barrier", DataType.Float32, 1024, 64 * Gi);

    private static void Require(string operation, DataType type, int ranks, long size) => MpiLimits.Require(
        SectionPlan.All(
            new RunOptions { Operations = [operation], DataTypes = [type], MinBytes = size, MaxBytes = size }, ranks),
        ranks);
}
