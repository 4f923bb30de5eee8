using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>A process that is stopped while its kernel answers for it: the run ends and says which it was.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class LivenessTests
{
    private const string Endless = "-b 1K -i 10 --cycles 0";

    [Theory]
    [InlineData("shm")]
    [InlineData("tcp")]
    public void A_client_that_is_stopped_is_named_by_the_server_and_ends_the_others(string transport)
    {
        (RunningProcess server, int port) = NperfBinary.StartServer($"-n 2 {Endless} --timeout 10 --transport {transport} -J");
        using (server)
        {
            using RunningProcess first = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            server.WaitForLine("client 1 of 2");
            using RunningProcess second = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            second.WaitForLine(Table.Row1K);
            second.Signal(RunningProcess.Stop);
            server.ExpectExit(1);
            first.ExpectExit(1);

            JsonElement document = ResultsDocuments.Parse(server.Output);
            JsonElement error = document.GetProperty("error");
            Assert.NotEmpty(document.Sizes());
            Assert.Equal("peerLost", error.GetProperty("code").GetString());
            Assert.Equal(2, error.GetProperty("rank").GetInt32());
            Assert.Contains("allreduce", error.GetProperty("step").GetString(), StringComparison.Ordinal);
            foreach (RunningProcess other in new[] { server, first })
                AssertOneError(other, @"rank 2 on \S+ \(127\.0\.0\.1\) was lost during allreduce .*: no heartbeat came for \d+ s");
        }
    }

    [Fact]
    public void A_server_that_is_stopped_is_named_by_its_client()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer($"{Endless} --timeout 5");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            client.WaitForLine(Table.Row1K);
            server.Signal(RunningProcess.Stop);
            client.ExpectExit(1);
            AssertOneError(client, ".*rank 0 .*");
        }
    }

    [Fact]
    public void A_member_that_is_stopped_is_named_and_ended()
    {
        using RunningProcess nperf = NperfBinary.Start($"--ranks-in processes -n 3 {Endless} --timeout 10");
        nperf.WaitForLine(Table.Row1K);
        int[] members = ChildProcesses.Wait(nperf.Id, 2);
        RunningProcess.Signal(members[1], RunningProcess.Stop);
        nperf.ExpectExit(1);
        AssertOneError(nperf, @"rank [12] on \S+ was lost during allreduce .*: no heartbeat came for \d+ s");
        ChildProcesses.AssertGone(members);
    }

    private static void AssertOneError(RunningProcess process, string pattern)
    {
        string[] errors = [.. process.Errors.Split('\n').Where(line => line.StartsWith("nperf: error:", StringComparison.Ordinal))];
        Assert.True(errors.Length == 1, process.Describe());
        Assert.Matches($"^nperf: error: {pattern}", errors[0]);
    }
}
