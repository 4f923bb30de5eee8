using Nperf.Core.NcclBackend;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.NcclBackend;

public sealed class NcclSettingsTests
{
    private static readonly ProcessOptions Quiet = new();
    private static readonly ProcessOptions Debug = new() { ShowsNcclLog = true };

    [Fact]
    public void What_is_left_to_NCCL_stays_as_the_user_has_it()
    {
        Assert.Empty(Of(new RunOptions(), Quiet));
        Assert.Empty(Of(new RunOptions(), Quiet, ("NCCL_ALGO", "Tree"), ("NCCL_PROTO", "LL")));
    }

    [Theory]
    [InlineData("ring", "Ring")]
    [InlineData("tree", "Tree")]
    [InlineData("collnetdirect", "CollNetDirect")]
    [InlineData("collnetchain", "CollNetChain")]
    [InlineData("nvls", "NVLS")]
    [InlineData("nvlstree", "NVLSTree")]
    [InlineData("pat", "PAT")]
    public void An_algorithm_goes_to_NCCL_by_its_own_name_and_before_the_users(string name, string variable)
    {
        var options = new RunOptions { Algorithm = name };

        Assert.Equal([("NCCL_ALGO", variable)], Of(options, Quiet, ("NCCL_ALGO", "Tree")));
        Assert.Contains(name, NcclSettings.AlgorithmNames);
    }

    [Theory]
    [InlineData("simple", "Simple")]
    [InlineData("ll", "LL")]
    [InlineData("ll128", "LL128")]
    public void A_protocol_does_too(string name, string variable)
    {
        Assert.Equal([("NCCL_PROTO", variable)], Of(new RunOptions { Protocol = name }, Quiet));
        Assert.Contains(name, NcclSettings.ProtocolNames);
    }

    [Fact]
    public void The_log_never_goes_where_the_results_go()
    {
        Assert.Equal([("NCCL_DEBUG", "INFO"), ("NCCL_DEBUG_FILE", "/dev/stderr")], Of(new RunOptions(), Debug));
        Assert.Equal([("NCCL_DEBUG_FILE", "/dev/stderr")], Of(new RunOptions(), Quiet, ("NCCL_DEBUG", "WARN")));
        Assert.Equal([("NCCL_DEBUG", "INFO")], Of(new RunOptions(), Debug, ("NCCL_DEBUG_FILE", "log.%p")));
        Assert.Empty(Of(new RunOptions(), Debug, ("NCCL_DEBUG", "TRACE"), ("NCCL_DEBUG_FILE", "log.%p")));
    }

    private static IEnumerable<(string Name, string Value)> Of(
        RunOptions options, ProcessOptions process, params (string Name, string Value)[] user) =>
        NcclSettings.Of(options, process, name => user.FirstOrDefault(one => one.Name == name).Value);
}
