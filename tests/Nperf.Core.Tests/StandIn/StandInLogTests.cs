namespace Nperf.Core.Tests.StandIn;

public sealed class StandInLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nperf test ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_log_says_what_NCCL_would_say()
    {
        (int code, string output) = await Run(("NCCL_DEBUG_SUBSYS", "INIT,P2P,TUNING"));
        Assert.True(code == 0, output);

        string[] logs = [.. Directory.GetFiles(_folder, "log.*").Select(File.ReadAllText)];
        Assert.Equal(2, logs.Length);
        Assert.All(logs, log => Assert.Matches(
            @"(?m)^\S+:\d+:\d+ \[[01]\] NCCL INFO NCCL version 2\.28\.9\+cuda13\.0$", log));
        string first = Assert.Single(logs, log => log.Contains(" rank 0 nranks 2 ", StringComparison.Ordinal));
        Assert.Matches(@"(?m) NCCL INFO Channel 00/0 : 0\[0\] -> 1\[1\] via P2P/CUMEM$", first);
        Assert.Matches(
            @"(?m) NCCL INFO AllReduce: 16384 Bytes -> Algo TREE proto SIMPLE channel\{Lo\.\.Hi\}=\{0\.\.1\}$", first);
    }

    [Fact]
    public async Task Ranks_of_different_hosts_go_through_the_network()
    {
        (int code, string output) = await Run(
            ("EXERCISE_HOSTS", "1"), ("CUDA_VISIBLE_DEVICES", "0,0"), ("NCCL_ALGO", "Ring"));
        Assert.True(code == 0, output);
        Assert.All(
            Directory.GetFiles(_folder, "log.*"),
            log => Assert.Matches(
                @"(?m) NCCL INFO Channel 00/0 : [01]\[0\] -> [01]\[0\] \[send\] via NET/Socket/0$",
                File.ReadAllText(log)));
    }

    [Fact]
    public async Task Variables_and_calls_that_reached_NCCL_are_reported()
    {
        (int code, string output) = await Run();
        Assert.True(code == 0, output);

        string[] lines = File.ReadAllLines(Path.Combine(_folder, "report"));
        Assert.Equal(2, lines.Count(line => line.EndsWith(" NCCL_ALGO=Tree", StringComparison.Ordinal)));
        Assert.Equal(2, lines.Count(line => line.EndsWith(" calls.ncclAllReduce=4", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.EndsWith(" init=rank 1 of 2 on GPU 1", StringComparison.Ordinal));
    }

    private Task<(int Code, string Output)> Run(params (string Name, string Value)[] settings) => Exercise.Run(
        2, "processes blocking", "compare",
        [
            ("NCCL_DEBUG", "INFO"), ("NCCL_DEBUG_FILE", Path.Combine(_folder, "log.%h.%p")), ("NCCL_ALGO", "Tree"),
            ("NCCL_PROTO", "Simple"), ("STANDIN_REPORT", Path.Combine(_folder, "report")), .. settings,
        ]);
}
