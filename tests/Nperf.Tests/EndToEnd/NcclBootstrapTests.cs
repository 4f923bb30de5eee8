using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

/// <summary>Processes that are numbered from outside and meet at NCCL_COMM_ID, on CPU memory and on the stand-in.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class NcclBootstrapTests : IDisposable
{
    private const string Small = "-b 1K -B 4K -i 2 -w 1";

    /// <summary>Seconds that a test waits for the end of a process.</summary>
    private const double Patience = 120;

    private readonly StandInRun _run = new();
    private readonly List<RunningProcess> _processes = [];
    private readonly (int Nccl, int Control) _ports = NeighbouringPorts();

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        _run.Dispose();
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    public void Three_processes_meet_in_whatever_order_they_start_and_rank_0_speaks_for_all(params int[] order)
    {
        RunningProcess[] ranks = new RunningProcess[3];
        foreach (int rank in order) ranks[rank] = OnHost(rank, 3, $"-J {Small}");

        foreach (RunningProcess rank in ranks) rank.ExpectSuccess(Patience);
        JsonElement document = ResultsDocuments.Parse(ranks[0].Output);
        document.AssertCorrect();
        JsonElement config = document.GetProperty("config");
        Assert.Equal("nccl-bootstrap", config.GetProperty("mode").GetString());
        Assert.Equal($"127.0.0.1:{_ports.Nccl}", config.GetProperty("bootstrap").GetProperty("address").GetString());
        Assert.Equal(_ports.Control, config.GetProperty("bootstrap").GetProperty("controlPort").GetInt32());
        Assert.Equal(ranks.Length, document.Ranks());
        Assert.All(ranks[1..], rank => Assert.Equal(("", ""), (rank.Output, rank.Errors)));
        _run.AssertNothingIsLeft(document);
    }

    [Fact]
    public void Several_ranks_of_each_process_follow_its_number_and_the_port_can_be_named()
    {
        int control = Requirements.UnusedPort();
        string arguments = $"-g 2 --ranks-in processes -p {control} {Small}";
        RunningProcess second = OnHost(1, 2, arguments);
        RunningProcess first = OnHost(0, 2, arguments);

        first.ExpectSuccess(Patience);
        second.ExpectSuccess(Patience);
        Assert.Matches($@"(?m)^listening on \[::\]:{control}, waiting for 1 client$", first.Output);
        Assert.Matches(@"(?m)^nperf \S+: nccl-bootstrap, 4 ranks in 4 processes on 1 host, ", first.Output);
        Assert.Matches($@"(?m)^client 1 of 1: \S+ \(127\.0\.0\.1\), ranks 2-3$", first.Output);
    }

    [Fact]
    public void A_world_of_one_needs_nobody()
    {
        RunningProcess only = OnHost(0, 1, $"-J -g 2 {Small}");
        only.ExpectSuccess(Patience);
        Assert.Equal(2, ResultsDocuments.Parse(only.Output).Ranks());
    }

    [Fact]
    public void A_topology_is_shown_once()
    {
        RunningProcess second = OnHost(1, 2, "--topology --topo-format json", backend: "");
        RunningProcess first = OnHost(0, 2, "--topology --topo-format json", backend: "");
        first.ExpectSuccess(Patience);
        second.ExpectSuccess(Patience);
        ResultsDocuments.Parse(first.Output);
        Assert.Equal("", second.Output);
    }

    [Theory]
    [InlineData("2.14.3")]
    [InlineData("2.19.4")]
    [InlineData("2.28.9")]
    public void Every_NCCL_meets_at_the_address_which_rank_0_has(string version)
    {
        JsonElement document = OnStandIn(version, $"{Small} --op allreduce,alltoall", ("STANDIN_NCCL_VERSION", version));

        Assert.Equal(2, document.Ranks());
        Assert.Equal([$"127.0.0.1 port {_ports.Nccl}"], _run.Reported("root").SelectMany(values => values));
        int owner = document.GetProperty("processes")[0].GetProperty("processId").GetInt32();
        Assert.Equal(owner, Assert.Single(_run.Reported("root")).Key);
        Assert.All(
            _run.Reported("NCCL_COMM_ID"), values => Assert.Equal($"127.0.0.1:{_ports.Nccl}", Assert.Single(values)));
    }

    [Theory]
    [InlineData("-g 2", 1)]
    [InlineData("-g 2 --split mod:2", 0)]
    [InlineData("-g 2 --split div:2 --ranks-in threads", 0)]
    public void Groups_meet_elsewhere_for_the_address_is_one_communicators(string arguments, int roots)
    {
        JsonElement document = OnStandIn("2.28.9", $"{arguments} {Small}", ("STANDIN_GPUS", "4"));

        Assert.Equal(4, document.Ranks());
        Assert.Equal(roots, _run.Reported("root").Count);
        if (roots == 0) Assert.Empty(_run.Reported("NCCL_COMM_ID"));
    }

    [Fact]
    public void A_name_that_is_loopback_on_its_own_host_and_a_host_on_another_network_do_no_harm()
    {
        using NamespaceHosts hosts = new(2);
        hosts.NameOnLoopback(1);
        hosts.MakeNetworkOfItsOwn(2);
        Dictionary<string, string?> environment = _run.Environment(("STANDIN_TIMEOUT", "60"), ("NCCL_COMM_ID", "node1:5200"));
        RunningProcess OnHost(int host) => Keep(hosts.Start(
            host,
            NperfBinary.Path,
            [.. NperfBinary.Split(Place(host - 1, 2, $"-J {Small}")), "--nccl-lib", StandInGpu.Library],
            environment));

        RunningProcess second = OnHost(2);
        RunningProcess first = OnHost(1);
        first.ExpectSuccess(Patience);
        second.ExpectSuccess(Patience);
        StandInRun.AssertOnGpus(ResultsDocuments.Parse(first.Output));
        Assert.Equal("10.99.0.1 port 5200", Assert.Single(_run.Reported("root").SelectMany(values => values)));
        Assert.Equal("10.99.0.1:5200", Assert.Single(_run.Reported("NCCL_COMM_ID").SelectMany(values => values)));
    }

    [Fact]
    public void A_port_that_NCCL_cannot_have_is_named_on_every_rank()
    {
        using TcpListener other = new(IPAddress.Loopback, _ports.Nccl);
        other.Start();
        RunningProcess[] ranks = [OnGpu(0, "2.28.9", Small), OnGpu(1, "2.28.9", Small)];
        AllEnd(1, $@"port {_ports.Nccl} of NCCL_COMM_ID, where NCCL is to listen, is in use on \S+: choose another", ranks);
    }

    [Fact]
    public void A_rank_given_twice_is_named_on_every_rank()
    {
        RunningProcess[] ranks = [OnHost(0, 3, ""), OnHost(1, 3, ""), OnHost(1, 3, "")];
        AllEnd(1, @"rank 1 was given twice: to \S+ \(127\.0\.0\.1\), process \d+, and to \S+ \(127\.0\.0\.1\)", ranks);
    }

    [Fact]
    public void Rank_0_given_twice_is_refused_and_the_run_goes_on()
    {
        RunningProcess first = OnHost(0, 2, Small);
        first.WaitForLine("listening on");
        RunningProcess second = OnHost(0, 2, Small);
        AllEnd(1, $@"port {_ports.Control} is in use on \[::\]: is another process here rank 0 of 2 as well\? ", second);
        RunningProcess client = OnHost(1, 2, Small);
        first.ExpectSuccess(Patience);
        client.ExpectSuccess(Patience);
    }

    [Fact]
    public void World_sizes_that_differ_are_named_on_every_rank()
    {
        RunningProcess[] ranks = [OnHost(0, 2, ""), OnHost(1, 3, "")];
        AllEnd(1, @"world sizes differ: server has 2, client \S+ \(127\.0\.0\.1\) was given 3", ranks);
    }

    [Fact]
    public void Options_that_differ_are_named_on_every_rank()
    {
        RunningProcess[] ranks = [OnHost(0, 2, "-b 1K"), OnHost(1, 2, "-b 2K")];
        AllEnd(2, @"options differ: --bytes: server has 1K, client \S+ was given 2K", ranks);
    }

    [Fact]
    public void A_world_that_does_not_fill_names_who_is_missing_on_every_rank()
    {
        RunningProcess last = OnHost(2, 3, "-v");
        last.WaitForLine("waiting for the server");
        RunningProcess first = OnHost(0, 3, "--timeout 5");
        AllEnd(1, @"2 of 3 joined within 5 s, missing rank 1: rank 0 is \S+, rank 2 is \S+ \(127\.0\.0\.1\)", first);
        // A busy machine may bring it rank 0's word too late.
        AllEnd(1, "(2 of 3 joined|rank 0 on .* did not reach rendezvous) within", last);
    }

    [Fact]
    public void A_rank_0_that_never_comes_is_named()
    {
        RunningProcess client = OnHost(1, 2, "--timeout 2");
        AllEnd(1, $@"no server at 127\.0\.0\.1 port {_ports.Control} within 2 s: .*: is it running \(rank 0\), and", client);
    }

    [Theory]
    [InlineData("198.51.100.1:5200", @"NCCL_COMM_ID names 198\.51\.100\.1, which is no address of \S+: rank 0 has to run where it is")]
    [InlineData("node.invalid:5200", @"unknown host node\.invalid of NCCL_COMM_ID within 1 s: ")]
    public void An_address_that_is_not_rank_0s_is_named(string address, string message) =>
        AllEnd(1, message, Start(0, 2, "--backend host --timeout 1", ("NCCL_COMM_ID", address)));

    [Fact]
    public void Without_the_address_it_is_wrong_usage()
    {
        RunningProcess first = Start(0, 2, "", ("NCCL_COMM_ID", ""));
        AllEnd(2, "--nccl-bootstrap: needs NCCL_COMM_ID in the environment", first);
    }

    // The document of rank 0, after both ended well.
    private JsonElement OnStandIn(string version, string arguments, params (string Name, string Value)[] settings)
    {
        RunningProcess second = OnGpu(1, version, $"{arguments} -J", settings);
        RunningProcess first = OnGpu(0, version, $"{arguments} -J", settings);
        first.ExpectSuccess(Patience);
        second.ExpectSuccess(Patience);
        JsonElement document = ResultsDocuments.Parse(first.Output);
        StandInRun.AssertOnGpus(document);
        _run.AssertNothingIsLeft(document);
        return document;
    }

    private RunningProcess OnGpu(int rank, string version, string arguments, params (string Name, string Value)[] settings)
    {
        string library = version == "2.14.3" ? StandInGpu.OldLibrary : StandInGpu.Library;
        Dictionary<string, string?> environment = _run.Environment(
        [
            .. settings, ("STANDIN_TIMEOUT", "60"), ("NCCL_COMM_ID", $"127.0.0.1:{_ports.Nccl}"),
            ("NPERF_CUDA_LIB", library), ("NPERF_NVML_LIB", library),
        ]);
        return Keep(RunningProcess.Start(
            NperfBinary.Path,
            [.. NperfBinary.Split(Place(rank, 2, arguments)), "--nccl-lib", library],
            environment: environment));
    }

    private RunningProcess OnHost(int rank, int size, string arguments, string backend = "--backend host") =>
        Start(rank, size, $"{backend} {arguments}", ("NCCL_COMM_ID", $"127.0.0.1:{_ports.Nccl}"));

    private RunningProcess Start(int rank, int size, string arguments, params (string Name, string? Value)[] environment) =>
        Keep(NperfBinary.Start(
            Place(rank, size, arguments),
            environment.ToDictionary(variable => variable.Name, variable => variable.Value)));

    private static string Place(int rank, int size, string arguments)
    {
        // Where a test is not about it, no wait of its own ends a run on a slow machine.
        string timeout = arguments.Contains("--timeout", StringComparison.Ordinal) ? "" : "--timeout 60";
        return $"--nccl-bootstrap --rank {rank} --world-size {size} {timeout} {arguments}";
    }

    private RunningProcess Keep(RunningProcess process)
    {
        _processes.Add(process);
        return process;
    }

    private static void AllEnd(int code, string message, params RunningProcess[] processes)
    {
        foreach (RunningProcess process in processes)
        {
            process.ExpectExit(code, Patience);
            Assert.Matches($"(?m)^nperf: error: {message}", process.Errors);
        }
    }

    private static (int Nccl, int Control) NeighbouringPorts()
    {
        for (int tries = 0; tries < 100; tries++)
        {
            int port = Requirements.UnusedPort();
            if (port < IPEndPoint.MaxPort && Requirements.IsFree(port + 1)) return (port, port + 1);
        }

        throw new InvalidOperationException("no two free ports in a row");
    }
}
