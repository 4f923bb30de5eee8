using Nperf.Arguments;

namespace Nperf.Tests.Arguments;

public class DoctorTests
{
    [Theory]
    [InlineData("doctor", null)]
    [InlineData("doctor --nccl-lib /opt/nccl/lib/libnccl.so.2", "/opt/nccl/lib/libnccl.so.2")]
    [InlineData("doctor --nccl-lib=libnccl.so.2", "libnccl.so.2")]
    public void It_takes_the_path_of_a_libnccl(string line, string? library) =>
        Assert.Equal(new DoctorOptions(library), CommandLineTests.Good(line).Doctor);

    [Theory]
    [InlineData("doctor -n 2", "-n: has nothing to do with nperf doctor")]
    [InlineData("doctor --op allreduce", "--op: has nothing to do with nperf doctor")]
    [InlineData("doctor -J", "-J: has nothing to do with nperf doctor")]
    [InlineData("doctor -P 4", "-P: unknown option")]
    [InlineData("doctor --nccl-lib", "--nccl-lib: needs a value: --nccl-lib PATH")]
    [InlineData("doctor doctor", "'doctor': unexpected")]
    [InlineData("-v doctor", "'doctor': unexpected; it goes first: nperf doctor")]
    [InlineData("doctor --device 1", "--device: has nothing to do with nperf doctor")]
    public void What_does_not_belong_to_it_is_refused_by_name(string line, string start) =>
        Assert.StartsWith(start, CommandLineTests.Error(line), StringComparison.Ordinal);

    [Fact]
    public void A_run_is_no_look_at_the_machine() => Assert.Null(CommandLineTests.Good("--op allreduce").Doctor);

    [Fact]
    public void Its_help_is_that_of_nperf() => Assert.NotNull(CommandLine.Parse(["doctor", "--help"]).Text);
}
