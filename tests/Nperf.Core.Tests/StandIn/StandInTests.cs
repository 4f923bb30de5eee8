using System.Text.RegularExpressions;
using Nperf.Core.Tests.Rendezvous;

namespace Nperf.Core.Tests.StandIn;

public class StandInTests
{
    [Theory]
    [InlineData(1, "processes blocking")]
    [InlineData(2, "processes blocking")]
    [InlineData(3, "processes polling")]
    [InlineData(3, "threads blocking")]
    [InlineData(2, "threads polling")]
    public async Task Every_collective_and_graph_gives_what_NCCL_would(int ranks, string how)
    {
        (int code, string output) = await Exercise.Run(ranks, how, "reductions moves messages graph async compare");
        Assert.True(code == 0, output);
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_collective_that_hangs_does_so_until_the_communicator_is_aborted()
    {
        (int code, string output) = await Exercise.Run(
            2, "processes blocking", "abort", ("STANDIN_HANG", "ncclAllReduce:1:1"));
        Assert.True(code == 0, output);
        Assert.Contains("rank 0: async error 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_asynchronous_error_is_told_and_holds_up_the_others()
    {
        (int code, string output) = await Exercise.Run(
            2, "threads blocking", "compare abort", ("STANDIN_ASYNC_ERROR", "5:6:1"));
        Assert.True(code == 0, output);
        Assert.Contains("rank 0: async error 0", output, StringComparison.Ordinal);
        Assert.Contains("rank 1: async error 6", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_result_is_wrong_where_it_was_told_to_be()
    {
        (int code, string output) = await Exercise.Run(
            2, "processes polling", "compare", ("STANDIN_WRONG", "2:1,3"));
        Assert.True(code == 0, output);
        Assert.Equal(
            ["rank 0: call 3, element 2048", "rank 1: call 2, element 2048", "rank 1: call 3, element 2048"],
            Regex.Matches(output, @"rank \d: call \d, element \d+").Select(match => match.Value).Order());
    }

    [Fact]
    public async Task A_call_that_is_told_to_fail_returns_the_status_at_its_turn()
    {
        (int code, string output) = await Exercise.Run(
            1, "processes blocking", "compare", ("STANDIN_FAIL", "ncclAllReduce:2:3:0"), ("STANDIN_WRONG", "1"));
        Assert.Equal(1, code);
        Assert.Contains("call 1, element", output, StringComparison.Ordinal);
        Assert.EndsWith(": 3: stand-in: told to fail\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rank_whose_peer_never_comes_gives_up_in_time()
    {
        (int code, string output) = await Exercise.Run(
            2, "processes blocking", "compare",
            ("STANDIN_TIMEOUT", "0.2"), ("STANDIN_FAIL", "ncclCommInitRankConfig:1:2:1"));
        Assert.Equal(1, code);
        Assert.Contains("1 of 2 ranks came in 0.2 s", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.14.3")]
    [InlineData("2.28.9")]
    public async Task Ids_that_ranks_make_of_NCCL_COMM_ID_themselves_are_equal(string version)
    {
        (int code, string output) = await OwnIds(("STANDIN_NCCL_VERSION", version), ("STANDIN_TIMEOUT", "60"));
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("2.16.2")]
    [InlineData("2.21.5")]
    public async Task Or_differ_and_the_ranks_do_not_meet(string version)
    {
        (int code, string output) = await OwnIds(("STANDIN_NCCL_VERSION", version), ("STANDIN_TIMEOUT", "0.5"));
        Assert.Equal(1, code);
        Assert.Contains("1 of 2 ranks came in 0.5 s", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("198.51.100.1:5200", "No usable listening interface found")]
    [InlineData("127.0.0.1", "Invalid NCCL_COMM_ID")]
    public async Task An_NCCL_COMM_ID_that_cannot_be_had_is_refused(string address, string reason)
    {
        (int code, string output) = await Exercise.Run(
            1, "processes blocking", "compare", ("NCCL_COMM_ID", address), ("NCCL_DEBUG", "WARN"));
        Assert.Equal(1, code);
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output)> OwnIds(params (string Name, string Value)[] settings)
    {
        RawPeer.Listen(out int port).Dispose();
        return Exercise.Run(
            2, "processes blocking", "compare",
            [("NCCL_COMM_ID", $"127.0.0.1:{port}"), ("EXERCISE_OWN_IDS", "1"), .. settings]);
    }

    [Fact]
    public async Task Two_ranks_on_one_GPU_are_refused()
    {
        (int code, string output) = await Exercise.Run(
            2, "processes blocking", "compare", ("CUDA_VISIBLE_DEVICES", "1,1"));
        Assert.Equal(1, code);
        Assert.Contains("Duplicate GPU detected", output, StringComparison.Ordinal);
    }
}
