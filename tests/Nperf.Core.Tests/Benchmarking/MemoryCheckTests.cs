using Nperf.Core.Benchmarking;

namespace Nperf.Core.Tests.Benchmarking;

public class MemoryCheckTests
{
    [Fact]
    public void What_does_not_fit_is_refused_and_what_would_is_said()
    {
        var refused = Assert.Throws<RunException>(() => MemoryCheck.Require(
            bytes: 128L << 30, largestSize: 16L << 30, "4 ranks on node1", "node1", available: 64L << 30, "memory"));
        Assert.Equal(
            "the buffers of 4 ranks on node1, 128.0 GiB, do not fit into 64.0 GiB of free memory; " +
            "a largest size (-B) of 8G would",
            refused.Message);
        Assert.Equal("node1", refused.Failure.Host);
    }

    [Fact]
    public void Very_much_is_told_in_TiB()
    {
        var refused = Assert.Throws<RunException>(() => MemoryCheck.Require(
            bytes: 64L << 40, largestSize: 16L << 40, "2 ranks on node1", "node1", available: 24L << 30, "memory"));
        Assert.StartsWith("the buffers of 2 ranks on node1, 64.0 TiB, do not fit into 24.0 GiB ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(128L << 20, 64L << 20, 92_222_222, "43M")]
    [InlineData(2L << 20, 1L << 20, 1_500_000, "732K")]
    public void What_would_fit_does_and_can_be_typed(long bytes, long largestSize, long available, string fitting)
    {
        var refused = Assert.Throws<RunException>(
            () => MemoryCheck.Require(bytes, largestSize, "rank 0 on node1", "node1", available, "memory of GPU 0"));
        Assert.EndsWith($"of free memory of GPU 0; a largest size (-B) of {fitting} would", refused.Message);
    }

    [Fact]
    public void What_fits_is_not() =>
        MemoryCheck.Require(bytes: 1 << 20, largestSize: 1 << 19, "2 ranks on node1", "node1", MemoryCheck.Available(), "memory");
}
