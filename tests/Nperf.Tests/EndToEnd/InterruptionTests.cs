using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class InterruptionTests
{
    /// <summary>
    /// Finishes a size every few milliseconds and never ends of itself. With a timeout beyond any wait of a test: what ends
    /// such a run is no timeout.
    /// </summary>
    private const string Endless = "-b 1K -i 10 --cycles 0 --timeout 600";

    /// <summary>A single size that takes longer than any test.</summary>
    private const string OneLongSize = "-b 64K -t 600";

    public static TheoryData<int, bool> SignalsAndSides => new()
    {
        { RunningProcess.Interrupt, true },
        { RunningProcess.Interrupt, false },
        { RunningProcess.Terminate, true },
        { RunningProcess.Terminate, false },
        { RunningProcess.HangUp, true },
        { RunningProcess.HangUp, false },
    };

    [Theory]
    [MemberData(nameof(SignalsAndSides))]
    public void A_signal_on_either_side_ends_both_with_what_was_measured(int signal, bool onServer)
    {
        using TemporaryFolder folder = new();
        string results = folder.File("results.json");
        using RunningProcess server = RunningProcess.Start(
            NperfBinary.Path, [.. NperfBinary.Split($"-s -p 0 {Endless} -J -o"), results]);
        int port = NperfBinary.ListeningPort(server);
        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
        client.WaitForLine(Table.Row1K);

        (RunningProcess signalled, RunningProcess other) = onServer ? (server, client) : (client, server);
        AssertBothEnd(() => signalled.Signal(signal), signalled, other);
        Assert.True(signalled.WaitForExit() == 128 + signal, signalled.Describe());
        Assert.True(other.WaitForExit() != 0, other.Describe());

        Assert.Contains("stopped early", client.Output, StringComparison.Ordinal);
        JsonElement document = ResultsDocuments.Read(results);
        Assert.NotEmpty(document.Sizes());
        JsonElement error = document.GetProperty("error");
        string code = signal switch
        {
            RunningProcess.Interrupt => "interrupted",
            RunningProcess.HangUp => "hungUp",
            _ => "terminated",
        };
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(onServer ? 0 : 1, error.GetProperty("rank").GetInt32());
        Assert.Equal(Environment.MachineName, error.GetProperty("host").GetString());
        Assert.Contains("allreduce", error.GetProperty("step").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shm")]
    [InlineData("tcp")]
    public void A_signal_in_the_middle_of_a_size_ends_both_sides(string transport)
    {
        (RunningProcess server, int port) = NperfBinary.StartServer($"{OneLongSize} --transport {transport}");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} --interval 0.1");
            client.WaitForLine("progress: allreduce.*65536 B");
            AssertBothEnd(() => client.Signal(RunningProcess.Interrupt), client, server);
            client.ExpectExit(130);
        }
    }

    [Theory]
    [InlineData(RunningProcess.Interrupt)]
    [InlineData(RunningProcess.Terminate)]
    public void A_signal_ends_a_server_that_waits_for_clients(int signal)
    {
        (RunningProcess server, _) = NperfBinary.StartServer("");
        using (server)
        {
            server.Signal(signal);
            server.ExpectExit(128 + signal);
        }
    }

    [Fact]
    public void A_signal_ends_a_client_that_waits_for_its_server()
    {
        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {Requirements.UnusedPort()}");
        client.WaitForLine("refused|waiting");
        client.Signal(RunningProcess.Interrupt);
        client.ExpectExit(130);
    }

    [Fact]
    public void A_signal_ends_a_local_run_with_its_document()
    {
        using TemporaryFolder folder = new();
        string results = folder.File("results.json");
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, [.. NperfBinary.Split($"{Endless} --interval 0.1 -J -o"), results]);
        nperf.WaitForLine(@"\S");
        nperf.Signal(RunningProcess.Interrupt);
        nperf.ExpectExit(130);
        Assert.Equal(
            "interrupted", ResultsDocuments.Read(results).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("shm")]
    [InlineData("tcp")]
    public void A_client_killed_in_the_middle_is_named_by_the_server(string transport)
    {
        (RunningProcess server, int port) = NperfBinary.StartServer($"{Endless} --transport {transport} -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            client.WaitForLine(Table.Row1K);
            client.Signal(RunningProcess.Kill);
            server.ExpectExit(1);
            Assert.Matches("nperf: error: .*rank 1", server.Errors);

            JsonElement document = ResultsDocuments.Parse(server.Output);
            Assert.NotEmpty(document.Sizes());
            JsonElement error = document.GetProperty("error");
            Assert.Equal("peerLost", error.GetProperty("code").GetString());
            Assert.Contains("rank 1", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_server_killed_in_the_middle_ends_its_client()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer(Endless);
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            client.WaitForLine(Table.Row1K);
            server.Signal(RunningProcess.Kill);
            client.ExpectExit(1);
            Assert.Contains("nperf: error:", client.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(RunningProcess.Interrupt)]
    [InlineData(RunningProcess.Terminate)]
    [InlineData(RunningProcess.HangUp)]
    public async Task A_signal_before_the_run_begins_is_answered_in_one_line(int signal)
    {
        using TemporaryFolder folder = new();
        string pipe = folder.File("traffic");
        using (RunningProcess mkfifo = RunningProcess.Start("mkfifo", [pipe])) mkfifo.ExpectSuccess();
        using RunningProcess nperf = RunningProcess.Start(NperfBinary.NativePath(), ["--op", "alltoallv", "--traffic", pipe]);
        // Both ends of a pipe open at once: by then it reads its options.
        await using FileStream writer = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write))
            .WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);
        nperf.Signal(signal);
        nperf.ExpectExit(128 + signal);
        Assert.Matches(@"^nperf: error: (interrupted|terminated) on \S+ \(SIG(INT|TERM|HUP)\)\n$", nperf.Errors);
    }

    [Fact]
    public void A_signal_that_was_switched_off_stays_off()
    {
        using RunningProcess server = RunningProcess.Start(
            "/bin/sh", ["-c", "trap '' HUP; exec \"$0\" -s -p 0 -b 1K -J", NperfBinary.NativePath()]);
        int port = NperfBinary.ListeningPort(server);
        server.Signal(RunningProcess.HangUp);
        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
        client.ExpectSuccess();
        server.ExpectSuccess();
    }

    private static void AssertBothEnd(Action act, RunningProcess first, RunningProcess second)
    {
        act();
        first.WaitForExit();
        second.WaitForExit();
    }
}
