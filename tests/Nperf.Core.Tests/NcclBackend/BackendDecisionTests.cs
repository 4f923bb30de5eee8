using Nperf.Core.Data;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.NcclBackend;

public sealed class BackendDecisionTests
{
    private static readonly World TwoHosts = Offers.World(("node1", 1), ("node2", 1));
    private static readonly NcclOffer Ready = Offers.Of("A");
    private static readonly NcclOffer Bare = new() { Missing = ["a CUDA driver", "a libnccl"] };
    private static readonly RunOptions WantsNccl = new() { Backend = Backend.Nccl };

    [Theory]
    [InlineData(Backend.Auto)]
    [InlineData(Backend.Nccl)]
    public void Where_every_process_has_it_NCCL_is_taken(Backend asked)
    {
        BackendDecision decision = Decide(new RunOptions { Backend = asked }, Ready, Ready);

        Assert.Equal(Backend.Nccl, decision.Backend);
        Assert.Equal("NCCL 2.28.9, /lib/libnccl.so.2", decision.Reason);
        Assert.Equal("2.28.9", decision.NcclVersion);
        Assert.Equal([0, 1], decision.Gpus.Select(gpu => gpu.Rank));
    }

    [Fact]
    public void Where_one_has_it_not_the_host_backend_is_taken_and_says_why()
    {
        BackendDecision decision = Decide(new RunOptions(), Ready, Bare);

        Assert.Equal(Backend.Host, decision.Backend);
        Assert.Equal("no NCCL: node2 misses a CUDA driver and a libnccl", decision.Reason);
        Assert.Empty(decision.Gpus);
    }

    [Fact]
    public void NCCL_that_cannot_be_had_is_refused_by_what_is_missing_where()
    {
        Assert.Equal(
            "--backend nccl: node2 misses a CUDA driver and a libnccl; nperf doctor says more",
            Refusal(WantsNccl, Ready, Bare));
    }

    [Fact]
    public void Different_versions_of_NCCL_do_not_run_together()
    {
        NcclOffer newer = Ready with { Version = "2.29.1" };
        const string why = "node1 has NCCL 2.28.9 and node2 2.29.1, and all must have the same (--nccl-lib PATH)";

        Assert.Equal((Backend.Host, $"no NCCL: {why}"), Chosen(Decide(new RunOptions(), Ready, newer)));
        Assert.StartsWith($"--backend nccl: {why}", Refusal(WantsNccl, Ready, newer));
    }

    [Fact]
    public void A_transport_is_the_host_backends()
    {
        Assert.Equal(
            (Backend.Host, "no NCCL: --transport is the host backend's"),
            Chosen(Decide(new RunOptions { Transport = Transport.Shm }, Ready, Ready)));
    }

    [Fact]
    public void What_only_NCCL_has_is_refused_by_name_on_the_host_backend()
    {
        var asked = new RunOptions
        {
            Algorithm = "tree",
            Protocol = "ll",
            GraphLaunches = 1,
            Register = Registration.Local,
            CtaPolicy = CtaPolicy.Zero,
        };

        Assert.Equal(
            "--algo, --proto, --graph, --register, --cta-policy: NCCL's alone, and this run is on the host backend (node2 misses "
            + "a CUDA driver and a libnccl)",
            Refusal(asked, Ready, Bare));
        Assert.StartsWith("--graph: NCCL's alone", Refusal(new RunOptions { GraphLaunches = 3 }, Bare, Bare));
        Assert.Equal(Backend.Host, Decide(new RunOptions { Aggregate = 4, Sync = SyncMode.Op }, Bare, Bare).Backend);
    }

    [Fact]
    public void What_only_the_host_backend_has_is_refused_by_name_on_NCCL()
    {
        var asked = new RunOptions
        {
            Operations = ["allgather"],
            Algorithm = "bruck",
            AlgorithmTable = new AlgorithmRules([new AlgorithmRule("allgather", 2, 1024, "bruck")]),
            Wait = WaitMode.Block,
        };

        Assert.Equal(
            "--algo bruck, --algo-table, --wait: the host backend's alone, and this run is on NCCL 2.28.9; add --backend host",
            Refusal(asked, Ready, Ready));
        Assert.Equal(Backend.Host, Decide(asked, Ready, Bare).Backend);
        Assert.Equal(Backend.Nccl, Decide(new RunOptions { Algorithm = "ring" }, Ready, Ready).Backend);
    }

    [Fact]
    public void An_algorithm_that_an_operation_does_not_have_is_refused_on_the_host_backend()
    {
        Assert.Equal("--algo: allreduce has no 'bruck': it has recursive-doubling, ring, single-copy, hierarchical-leader, hierarchical", Refusal(new RunOptions { Algorithm = "bruck" }, Bare, Bare));
        Assert.Equal(
            "--algo: 'ring' needs two ranks or more: one alone copies",
            Refusal(new RunOptions { Algorithm = "ring", Split = new Split(SplitKind.Mod, 2) }, Bare, Bare));
    }

    [Theory]
    [InlineData(DataType.Float8E4M3, Registration.None, CtaPolicy.Default, "2.23.4", "--dtype: 8-bit floating point needs NCCL 2.24")]
    [InlineData(DataType.Float8E5M2, Registration.None, CtaPolicy.Default, "2.23.4", "--dtype: 8-bit floating point needs NCCL 2.24")]
    [InlineData(DataType.Int8, Registration.Local, CtaPolicy.Default, "2.18.5", "--register local needs NCCL 2.19")]
    [InlineData(DataType.Int8, Registration.Symmetric, CtaPolicy.Default, "2.26.2", "--register symmetric needs NCCL 2.27")]
    [InlineData(DataType.Int8, Registration.None, CtaPolicy.Efficiency, "2.26.2", "--cta-policy efficiency needs NCCL 2.27")]
    [InlineData(DataType.Int8, Registration.None, CtaPolicy.Zero, "2.27.7", "--cta-policy zero needs NCCL 2.28")]
    public void What_came_with_a_later_NCCL_is_refused_by_both_versions(
        DataType type, Registration register, CtaPolicy policy, string version, string start)
    {
        var options = new RunOptions { DataTypes = [DataType.Float32, type], Register = register, CtaPolicy = policy };
        NcclOffer old = Ready with { Version = version };

        Assert.Equal($"{start} or newer, and this is {version}", Refusal(options, old, old));
        Assert.Equal(Backend.Nccl, Decide(options, Ready, Ready).Backend);
    }

    [Fact]
    public void A_rank_without_a_GPU_ends_the_run_instead_of_moving_it_to_the_host()
    {
        var refused = Assert.Throws<RunException>(
            () => BackendDecision.Decide(Offers.World(("node1", 2)), new RunOptions(), [Ready]));

        Assert.StartsWith("rank 1 on node1 has no GPU left", refused.Message);
    }

    private static (Backend Backend, string Reason) Chosen(BackendDecision decision) => (decision.Backend, decision.Reason);

    private static BackendDecision Decide(RunOptions options, params NcclOffer[] offers) =>
        BackendDecision.Decide(TwoHosts, options, offers);

    private static string Refusal(RunOptions options, params NcclOffer[] offers) =>
        Assert.Throws<RunException>(() => Decide(options, offers)).Message;
}
