using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class SocketModeTests
{
    [Fact]
    public void Two_nodes_run_as_the_specification_writes_it()
    {
        Requirements.FreePort(5201);
        using RunningProcess server = NperfBinary.Start("-s -n 1 --op allreduce -b 1M");
        using RunningProcess client = NperfBinary.Start("-c localhost --op allreduce -b 1M");
        server.ExpectSuccess();
        client.ExpectSuccess();
        Assert.Contains("allreduce", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Four_nodes_run_as_the_specification_writes_it()
    {
        Requirements.LongTests();
        Requirements.FreePort(5201);
        Requirements.Memory(gibibytes: 12);
        using RunningProcess server = NperfBinary.Start("-s -n 3 --op allreduce -b 1M -B 1G");
        List<RunningProcess> clients = [];
        try
        {
            for (int i = 0; i < 3; i++)
                clients.Add(NperfBinary.Start("-c localhost --op allreduce -b 1M -B 1G"));
            server.ExpectSuccess(seconds: 1200);
            foreach (RunningProcess client in clients) client.ExpectSuccess();
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public void Every_operation_is_right_over_several_streams()
    {
        const string Operations =
            "allreduce,allgather,broadcast,reduce,reducescatter,alltoall,alltoallv,gather,scatter,sendrecv,hypercube";
        (RunningProcess server, int port) = NperfBinary.StartServer(
            $"--transport tcp --streams 3 --op {Operations} -b 1K -B 1M -S 32 -i 2 --verify -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c localhost -p {port}");
            server.ExpectSuccess();
            client.ExpectSuccess();
            JsonElement document = ResultsDocuments.Parse(server.Output);
            document.AssertCorrect();
            Assert.Equal(3, document.GetProperty("config").GetProperty("streams").GetInt32());
        }
    }

    [Fact]
    public void A_custom_port_with_two_clients_runs()
    {
        Requirements.FreePort(6000);
        using RunningProcess server = NperfBinary.Start("-s -n 2 -p 6000 --op allreduce -b 1M");
        using RunningProcess first = NperfBinary.Start("-c localhost -p 6000 --op allreduce -b 1M");
        using RunningProcess second = NperfBinary.Start("-c localhost -p 6000 --op allreduce -b 1M");
        server.ExpectSuccess();
        first.ExpectSuccess();
        second.ExpectSuccess();
    }

    [Fact]
    public void Four_nodes_run_to_sixteen_mebibytes()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-n 3 -b 1M -B 16M -J");
        using (server)
        {
            using RunningProcess first = NperfBinary.Start($"-c localhost -p {port}");
            using RunningProcess second = NperfBinary.Start($"-c localhost -p {port}");
            using RunningProcess third = NperfBinary.Start($"-c localhost -p {port}");
            server.ExpectSuccess(seconds: 600);
            first.ExpectSuccess();
            second.ExpectSuccess();
            third.ExpectSuccess();
            JsonElement document = ResultsDocuments.Parse(server.Output);
            document.AssertCorrect();
            Assert.Equal(4, document.Ranks());
        }
    }

    [Fact]
    public void Json_output_to_a_file_holds_every_size()
    {
        Requirements.FreePort(5201);
        using TemporaryFolder folder = new();
        string results = folder.File("results.json");
        using RunningProcess server = RunningProcess.Start(
            NperfBinary.Path, [.. NperfBinary.Split("-s -n 1 --op allreduce -b 1K -B 1G -J -o"), results]);
        using RunningProcess client = NperfBinary.Start("-c localhost --op allreduce -b 1K -B 1G");
        server.ExpectSuccess(seconds: 1200);
        client.ExpectSuccess();

        JsonElement document = ResultsDocuments.Read(results);
        document.AssertCorrect();
        Assert.Equal(2, document.Ranks());
        Assert.Equal(Enumerable.Range(10, 21).Select(power => 1L << power), document.Sizes());
    }

    [Fact]
    public void Clients_may_start_before_the_server()
    {
        int port = Requirements.UnusedPort();
        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
        client.WaitForLine("refused|waiting");
        using RunningProcess server = NperfBinary.Start($"-s -p {port}");
        server.ExpectSuccess();
        client.ExpectSuccess();
    }

    [Theory]
    [InlineData("127.0.0.1", "-p {0}")]
    [InlineData("::1", "-p {0}")]
    [InlineData("[::1]:{0}", "")]
    [InlineData("localhost:{0}", "")]
    public void A_client_reaches_the_server_by_every_form_of_address(string host, string port)
    {
        if (host.Contains("::1", StringComparison.Ordinal))
            Assert.SkipUnless(File.Exists("/proc/net/if_inet6"), "this machine has no IPv6");
        (RunningProcess server, int number) = NperfBinary.StartServer("-b 1K");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start(
                string.Format(System.Globalization.CultureInfo.InvariantCulture, $"-c {host} {port}", number));
            client.ExpectSuccess();
            server.ExpectSuccess();
        }
    }

    [Fact]
    public void A_client_without_options_follows_those_of_the_server()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("--op broadcast --dtype int32 -b 4K -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            client.ExpectSuccess();
            server.ExpectSuccess();
            Assert.Contains("broadcast", client.Output, StringComparison.Ordinal);
            JsonElement config = ResultsDocuments.Parse(server.Output).GetProperty("config");
            Assert.Equal("broadcast", config.GetProperty("operation").GetString());
            Assert.Equal("int32", config.GetProperty("dataType").GetString());
        }
    }

    [Fact]
    public void An_option_that_differs_is_refused_on_both_sides_with_both_values()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-b 1M");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} -b 2M");
            Assert.NotEqual(0, client.WaitForExit());
            foreach (RunningProcess side in new[] { server, client })
            {
                string line = side.WaitForLine(@".*(-b|bytes).*").Value;
                Assert.Matches("1M|1048576|1 MiB", side.Errors);
                Assert.Matches("2M|2097152|2 MiB", side.Errors);
                Assert.NotEmpty(line);
            }
        }
    }

    [Fact]
    public void A_port_check_does_not_take_a_clients_place()
    {
        Requirements.Program("nc", "netcat-openbsd");
        (RunningProcess server, int port) = NperfBinary.StartServer("-n 1");
        using (server)
        {
            for (int i = 0; i < 3; i++)
            {
                using RunningProcess check = RunningProcess.Start("nc", ["-zv", "127.0.0.1", $"{port}"]);
                check.ExpectSuccess();
            }
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            client.ExpectSuccess();
            server.ExpectSuccess();
        }
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("shm")]
    [InlineData("tcp")]
    public void Every_operation_is_right_between_two_processes_over_each_transport(string transport)
    {
        (RunningProcess server, int port) =
            NperfBinary.StartServer($"--transport {transport} --op all -b 1K -B 1M -S 32 -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            client.ExpectSuccess();
            server.ExpectSuccess();
            JsonElement document = ResultsDocuments.Parse(server.Output);
            Assert.Equal(transport, document.GetProperty("config").GetProperty("transport").GetString());
            IEnumerable<string?> operations = document.GetProperty("results").EnumerateArray()
                .Select(result => result.GetProperty("operation").GetString()).Distinct();
            Assert.Equal(Core.Collectives.Operations.All.Select(operation => operation.Name), operations);
            foreach (JsonElement result in document.GetProperty("results").EnumerateArray())
            {
                if (result.GetProperty("operation").GetString() != "barrier")
                    Assert.Equal(0, result.GetProperty("wrong").GetInt64());
            }
        }
    }

    [Fact]
    public void Several_ranks_of_a_process_are_numbered_together()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-n 1 -g 2 -b 64K -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} -g 2");
            client.ExpectSuccess();
            server.ExpectSuccess();
            JsonElement document = ResultsDocuments.Parse(server.Output);
            document.AssertCorrect();
            Assert.Equal(4, document.Ranks());
            IEnumerable<string> ranks = document.GetProperty("processes").EnumerateArray()
                .Select(process => string.Join(',', process.GetProperty("ranks").EnumerateArray()));
            Assert.Equal(["0,1", "2,3"], ranks);
        }
    }

    [Fact]
    public void A_process_takes_less_than_fifty_megabytes_besides_its_buffers()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-b 1K -B 16K -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            client.ExpectSuccess();
            server.ExpectSuccess();
            foreach (JsonElement result in ResultsDocuments.Parse(server.Output).GetProperty("results").EnumerateArray())
            {
                foreach (JsonElement rank in result.GetProperty("ranks").EnumerateArray())
                    Assert.InRange(rank.GetProperty("peakMemoryBytes").GetInt64(), 1, 50_000_000);
            }
        }
    }

    [Fact]
    public void Missing_clients_are_counted_when_the_wait_is_over()
    {
        using RunningProcess server = NperfBinary.Start("-s -p 0 -n 2 --timeout 1");
        int port = NperfBinary.ListeningPort(server);
        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
        server.ExpectExit(1);
        Assert.Contains("1 of 2", server.Errors, StringComparison.Ordinal);
        Assert.NotEqual(0, client.WaitForExit());
    }

    [Fact]
    public void A_port_in_use_is_named_at_once()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("");
        using (server)
        {
            using RunningProcess second = NperfBinary.Start($"-s -p {port}");
            second.ExpectExit(1);
            Assert.Matches($"nperf: error: .*{port}.*in use", second.Errors);
        }
    }

    [Fact]
    public void A_host_that_does_not_exist_is_told_apart_at_once()
    {
        using RunningProcess client = NperfBinary.Start("-c no-such-host.invalid");
        client.ExpectExit(1);
        Assert.Contains("no-such-host.invalid", client.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_never_comes_is_waited_for_only_so_long()
    {
        int port = Requirements.UnusedPort();
        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} --timeout 1");
        client.ExpectExit(1);
        Assert.Matches($"nperf: error: .*{port}.*refused", client.Errors);
    }

    [Fact]
    public void Nothing_is_left_in_shared_memory()
    {
        HashSet<string> before = [.. Directory.EnumerateFileSystemEntries("/dev/shm")];
        (RunningProcess server, int port) = NperfBinary.StartServer("--transport shm -b 1K -i 10 --cycles 0");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
            client.WaitForLine(Table.Row1K);
            client.Signal(RunningProcess.Kill);
            Assert.NotEqual(0, server.WaitForExit());
        }
        // Other tests may be using shared memory at this moment: theirs goes away as well.
        Assert.True(
            SpinWait.SpinUntil(
                () => before.IsSupersetOf(Directory.EnumerateFileSystemEntries("/dev/shm")), TimeSpan.FromSeconds(30)),
            string.Join('\n', Directory.EnumerateFileSystemEntries("/dev/shm").Except(before)));
    }
}
