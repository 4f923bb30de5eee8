using Nperf.Arguments;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Tests.Arguments;

public class CommandLineTests
{
    internal static ParsedCommand Good(string line)
    {
        ParsedCommand parsed = CommandLine.Parse(Words(line));
        Assert.Empty(parsed.Errors);
        Assert.Null(parsed.Text);
        return parsed;
    }

    internal static IReadOnlyList<string> Errors(string line) => CommandLine.Parse(Words(line)).Errors;

    internal static string Error(string line) => Assert.Single(Errors(line));

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Nothing_said_is_a_local_run_with_the_documented_defaults()
    {
        ParsedCommand parsed = Good("");

        Assert.Equal(Mode.Local, parsed.Process.Mode);
        Assert.Equal(ProcessOptions.RanksByDefault, parsed.Process.RanksPerProcess);
        Assert.Equal(-1, parsed.Process.Device);
        Assert.Equal(5201, parsed.Process.Port);
        Assert.Equal(["allreduce"], parsed.Run.Operations);
        Assert.Equal([DataType.Float32], parsed.Run.DataTypes);
        Assert.Equal([Reduction.Sum], parsed.Run.Reductions);
        Assert.Equal([0], parsed.Run.Roots);
        Assert.Equal((1024, 1024, 2, 0), (parsed.Run.MinBytes, parsed.Run.MaxBytes, parsed.Run.StepFactor, parsed.Run.StepBytes));
        Assert.Equal((20, 5, 0, 0, 1), (
            parsed.Run.Iterations, parsed.Run.WarmupIterations, parsed.Run.Seconds, parsed.Run.OmitSeconds,
            parsed.Run.Cycles));
        Assert.Equal(InPlaceMode.No, parsed.Run.InPlace);
        Assert.Equal((1, null, false), (parsed.Run.Spread, parsed.Run.Traffic, parsed.Run.UnscaledTraffic));
        Assert.Equal((VerifyMode.Once, 0), (parsed.Run.Verify, parsed.Run.VerifyTolerance));
        Assert.Equal((Backend.Auto, Transport.Auto), (parsed.Run.Backend, parsed.Run.Transport));
        Assert.Equal((30, 30), (parsed.Run.TimeoutSeconds, parsed.Process.JoinTimeoutSeconds));
        Assert.Equal(new ConsoleOptions(), parsed.Console);
        Assert.Equal(1, parsed.Console.IntervalSeconds);
        Assert.Empty(parsed.Given);
    }

    [Theory]
    [InlineData("-s -n 1 --op allreduce -b 1M", Mode.Server, null, 5201, 1)]
    [InlineData("-c node1 --op allreduce -b 1M", Mode.Client, "node1", 5201, 1)]
    [InlineData("-s -n 3 --op allreduce -b 1M -B 1G", Mode.Server, null, 5201, 3)]
    [InlineData("-s -n 2 -p 6000 --op allreduce -b 1M", Mode.Server, null, 6000, 2)]
    [InlineData("-c server.example.com -p 6000 --op allreduce -b 1M", Mode.Client, "server.example.com", 6000, 1)]
    [InlineData("-s -n 1 --op allreduce -b 1K -B 1G -J -o results.json", Mode.Server, null, 5201, 1)]
    public void The_commands_of_the_specification_are_read_as_it_means_them(
        string line, Mode mode, string? host, int port, int clients)
    {
        ProcessOptions process = Good(line).Process;

        Assert.Equal((mode, host, port, clients, 1), (
            process.Mode, process.ServerHost, process.Port, process.ExpectedClients, process.RanksPerProcess));
    }

    [Theory]
    [InlineData("node1", "node1", 5201)]
    [InlineData("node1:99", "node1", 99)]
    [InlineData("192.0.2.7", "192.0.2.7", 5201)]
    [InlineData("192.0.2.7:99", "192.0.2.7", 99)]
    [InlineData("2001:db8::7", "2001:db8::7", 5201)]
    [InlineData("[2001:db8::7]", "2001:db8::7", 5201)]
    [InlineData("[2001:db8::7]:99", "2001:db8::7", 99)]
    [InlineData("fe80::1%eth0", "fe80::1%eth0", 5201)]
    [InlineData("node_1.cluster", "node_1.cluster", 5201)]
    public void A_client_takes_names_and_addresses_with_and_without_a_port(string text, string host, int port)
    {
        ProcessOptions process = Good($"-c {text}").Process;

        Assert.Equal((Mode.Client, host, port), (process.Mode, process.ServerHost, process.Port));
    }

    [Theory]
    [InlineData("node1:")]
    [InlineData("node1:0")]
    [InlineData("node1:65536")]
    [InlineData("node1:5x")]
    [InlineData(":5201")]
    [InlineData("[2001:db8::7")]
    [InlineData("[2001:db8::7]5201")]
    [InlineData("[node1]")]
    [InlineData("10.1")]
    [InlineData("300.1.1.1")]
    [InlineData("a/b")]
    [InlineData("2001:zz::1")]
    public void A_host_that_is_none_is_refused(string text)
    {
        Assert.StartsWith($"-c: '{text}' ", Error($"-c {text}"));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1000", 1000)]
    [InlineData("1K", 1024)]
    [InlineData("1k", 1024)]
    [InlineData("3M", 3L << 20)]
    [InlineData("1G", 1L << 30)]
    [InlineData("2t", 2L << 40)]
    [InlineData("1024T", 1L << 50)]
    public void Sizes_are_whole_numbers_with_powers_of_1024(string text, long bytes)
    {
        Assert.Equal(bytes, Good($"-b {text}").Run.MinBytes);
        Assert.Equal(bytes, Good($"-b 1 -B {text}").Run.MaxBytes);
        Assert.Equal(bytes, Good($"--step-bytes {text}").Run.StepBytes);
    }

    [Theory]
    [InlineData("1Q")]
    [InlineData("K")]
    [InlineData("1.5M")]
    [InlineData("1KB")]
    [InlineData("1KiB")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("1e6")]
    [InlineData("٣")]
    public void What_is_no_size_is_refused_by_name_with_an_example(string text)
    {
        string mistake = $"'{text}' is not a size; a whole number with K, M, G or T, for example 1M";
        Assert.Equal($"-b: {mistake}", Error($"-b {text}"));
        Assert.Equal($"--step-bytes: {mistake}", Error($"--step-bytes {text}"));
        Assert.StartsWith($"-B: {mistake}", Error($"-B {text}"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0K")]
    [InlineData("9223372036854775808")]
    [InlineData("8388608T")]
    public void A_size_that_cannot_be_is_refused(string text)
    {
        Assert.StartsWith($"-b: '{text}' ", Error($"-b {text}"));
    }

    [Theory]
    [InlineData("-i", "1", "2147483647")]
    [InlineData("-w", "0", "2147483647")]
    [InlineData("--cycles", "0", "2147483647")]
    [InlineData("-n", "1", "1024")]
    [InlineData("-g", "1", "1024")]
    [InlineData("-s -p", "0", "65535")]
    [InlineData("-c node1 -p", "1", "65535")]
    [InlineData("-s -n", "1", "65535")]
    [InlineData("--root", "0", "1")]
    public void Whole_numbers_are_taken_up_to_their_bounds(string option, string smallest, string largest)
    {
        Good($"{option} {smallest}");
        Good($"{option} {largest}");
    }

    [Theory]
    [InlineData("-i", "0")]
    [InlineData("-i", "5x")]
    [InlineData("-i", "1.5")]
    [InlineData("-i", "2147483648")]
    [InlineData("-i", "99999999999999999999")]
    [InlineData("-w", "-1")]
    [InlineData("-w", "x")]
    [InlineData("--cycles", "-1")]
    [InlineData("--cycles", "1K")]
    [InlineData("-n", "0")]
    [InlineData("-n", "1025")]
    [InlineData("-g", "0")]
    [InlineData("-g", "any")]
    [InlineData("--device", "-1")]
    [InlineData("--device", "all")]
    [InlineData("-s -p", "65536")]
    [InlineData("-c node1 -p", "0")]
    [InlineData("-s -n", "0")]
    [InlineData("--root", "-1")]
    [InlineData("--root", "x")]
    [InlineData("--root", "0,")]
    [InlineData("-t", "abc")]
    [InlineData("-t", "0")]
    [InlineData("-t", "-1")]
    [InlineData("-t", "1e3")]
    [InlineData("-t", "NaN")]
    [InlineData("-t", "10s")]
    [InlineData("-t", ".")]
    [InlineData("-t", "1000001")]
    [InlineData("-t 10 -O", "-1")]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "86401")]
    [InlineData("--timeout", "Infinity")]
    [InlineData("--interval", "-1")]
    [InlineData("--interval", "1,5")]
    [InlineData("-S", "1")]
    [InlineData("-S", "0.5")]
    [InlineData("-S", "2x")]
    [InlineData("-S", "Infinity")]
    [InlineData("--verify", "twice")]
    [InlineData("--verify", "Once")]
    [InlineData("--verify-tolerance", "1")]
    [InlineData("--verify-tolerance", "-1e-5")]
    [InlineData("--verify-tolerance", "NaN")]
    [InlineData("--op alltoallv --spread", "1.5")]
    [InlineData("--op alltoallv --spread", "-1")]
    [InlineData("--op alltoallv --spread", "x")]
    [InlineData("--op alltoallv --traffic", "/nowhere/traffic.txt")]
    [InlineData("--backend", "gloo")]
    [InlineData("--algo", "Ring")]
    [InlineData("--wait", "poll")]
    [InlineData("--algo-table", "/nowhere/table.txt")]
    [InlineData("--proto", "ll256")]
    [InlineData("--graph", "0")]
    [InlineData("--aggregate", "0")]
    [InlineData("--aggregate", "1025")]
    [InlineData("--register", "window")]
    [InlineData("--cta-policy", "2")]
    [InlineData("--sync", "1")]
    [InlineData("--ranks-in", "thread")]
    [InlineData("--split", "mod")]
    [InlineData("--split", "mod:")]
    [InlineData("--split", "mod:0")]
    [InlineData("--split", "div:0x0")]
    [InlineData("--split", "mod:-1")]
    [InlineData("--split", "xor:1")]
    [InlineData("--split", "mod:2:3")]
    [InlineData("--split", "and:0xg")]
    [InlineData("--split", "and:0xffffffff")]
    [InlineData("--in-place", "maybe")]
    [InlineData("--in-place", "Yes")]
    [InlineData("--ranks-in", "process")]
    [InlineData("--transport", "0")]
    [InlineData("--transport", "udp")]
    [InlineData("-s --interface", "10.1.0.0/33")]
    [InlineData("-s --interface", "10.1.0.0/")]
    [InlineData("-s --interface", "eth0/24")]
    [InlineData("--op", "sum")]
    [InlineData("--op", "allreduce,,barrier")]
    [InlineData("--op", "all,barrier")]
    [InlineData("--dtype", "9")]
    [InlineData("--redop", "sum;max")]
    public void A_value_out_of_its_kind_is_refused_by_the_option_and_quoted(string option, string value)
    {
        Assert.StartsWith($"{option.Split(' ')[^1]}: '{value}' ", Error($"{option} {value}"));
    }

    [Fact]
    public void Times_factors_and_tolerances_may_have_decimals()
    {
        ParsedCommand parsed = Good("--precision 0.5% -t 2.5 -O 0.5 -S 1.5 --timeout 0.25 --interval 0 --verify-tolerance 1e-5");

        Assert.Equal((2.5, 0.5, 1.5, 0.25, 1e-5), (
            parsed.Run.Seconds, parsed.Run.OmitSeconds, parsed.Run.StepFactor, parsed.Run.TimeoutSeconds,
            parsed.Run.VerifyTolerance));
        Assert.Equal((0.25, 0), (parsed.Process.JoinTimeoutSeconds, parsed.Console.IntervalSeconds));
        Assert.Equal(0.005, parsed.Run.Precision);
    }

    [Fact]
    public void Lists_keep_their_order_and_lose_duplicates()
    {
        RunOptions run = Good("--op barrier,allreduce,barrier --dtype int8,float16 --redop max,max --root 1,0,1").Run;

        Assert.Equal(["barrier", "allreduce"], run.Operations);
        Assert.Equal([DataType.Int8, DataType.Float16], run.DataTypes);
        Assert.Equal([Reduction.Max], run.Reductions);
        Assert.Equal([1, 0], run.Roots);
    }

    [Fact]
    public void All_means_every_one()
    {
        RunOptions run = Good("--op all --dtype all --redop all --root all").Run;

        Assert.Equal(12, run.Operations.Count);
        Assert.Equal(DataTypes.All, run.DataTypes);
        Assert.Equal(Reductions.All, run.Reductions);
        Assert.Empty(run.Roots);
    }

    [Fact]
    public void Every_operation_type_and_reduction_is_known_by_its_name()
    {
        foreach (string name in Nperf.Core.Collectives.Operations.All.Select(operation => operation.Name))
            Assert.Equal([name], Good($"--op {name}").Run.Operations);
        foreach (DataType type in Enum.GetValues<DataType>())
            Assert.Equal([type], Good($"--dtype {type.Name()}").Run.DataTypes);
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
            Assert.Equal([reduction], Good($"--redop {reduction.Name()}").Run.Reductions);
    }

    [Theory]
    [InlineData("", VerifyMode.Once)]
    [InlineData("--verify", VerifyMode.Each)]
    [InlineData("--verify -J", VerifyMode.Each)]
    [InlineData("--verify each", VerifyMode.Each)]
    [InlineData("--verify=once", VerifyMode.Once)]
    [InlineData("--verify none", VerifyMode.None)]
    public void Verify_alone_is_every_iteration(string line, VerifyMode mode)
    {
        Assert.Equal(mode, Good(line).Run.Verify);
    }

    [Theory]
    [InlineData("and:0x1", SplitKind.And, 1)]
    [InlineData("or:0", SplitKind.Or, 0)]
    [InlineData("mod:2", SplitKind.Mod, 2)]
    [InlineData("div:0xfF", SplitKind.Div, 255)]
    public void Groups_are_named_by_how_and_a_number(string text, SplitKind kind, int value) =>
        Assert.Equal(new Split(kind, value), Good($"--split {text}").Run.Split);

    [Theory]
    [InlineData("--in-place no", InPlaceMode.No)]
    [InlineData("--in-place yes --op gather", InPlaceMode.Yes)]
    [InlineData("--in-place both --op all", InPlaceMode.Both)]
    public void In_place_is_chosen_by_name(string line, InPlaceMode mode) => Assert.Equal(mode, Good(line).Run.InPlace);

    [Theory]
    [InlineData("--backend host --transport shm", Backend.Host, Transport.Shm)]
    [InlineData("--backend auto --transport tcp", Backend.Auto, Transport.Tcp)]
    [InlineData("--transport memory", Backend.Auto, Transport.Memory)]
    public void Backend_and_transport_are_chosen_by_name(string line, Backend backend, Transport transport)
    {
        RunOptions run = Good(line).Run;

        Assert.Equal((backend, transport), (run.Backend, run.Transport));
    }

    [Theory]
    [InlineData("", WaitMode.Auto)]
    [InlineData("--wait spin", WaitMode.Spin)]
    [InlineData("--wait=yield", WaitMode.Yield)]
    [InlineData("-s --wait block", WaitMode.Block)]
    public void How_ranks_wait_is_chosen_by_name(string line, WaitMode mode) => Assert.Equal(mode, Good(line).Run.Wait);

    [Fact]
    public void How_NCCL_is_to_run_is_read_and_agreed_on()
    {
        ParsedCommand parsed = Good(
            "-c node1 -g all --device 1 --nccl-lib /opt/libnccl.so.2 --algo nvlstree --proto ll128 --graph 3 --aggregate 4 "
            + "--register symmetric --cta-policy efficiency --backend nccl --ranks-in threads --debug");

        Assert.Equal(("nvlstree", "ll128", 3, 4), (
            parsed.Run.Algorithm, parsed.Run.Protocol, parsed.Run.GraphLaunches, parsed.Run.Aggregate));
        Assert.Equal((Registration.Symmetric, CtaPolicy.Efficiency, SyncMode.None, Backend.Nccl), (
            parsed.Run.Register, parsed.Run.CtaPolicy, parsed.Run.Sync, parsed.Run.Backend));
        Assert.Equal((ProcessOptions.RankForEachGpu, 1, "/opt/libnccl.so.2", RanksIn.Threads, true), (
            parsed.Process.RanksPerProcess, parsed.Process.Device, parsed.Process.NcclLibrary, parsed.Process.RanksIn,
            parsed.Process.ShowsNcclLog));
        Assert.Equal(
            ["--aggregate", "--algo", "--backend", "--cta-policy", "--graph", "--proto", "--register"], parsed.Given.Order());
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("--graph", 1)]
    [InlineData("--graph -J", 1)]
    [InlineData("--graph=5", 5)]
    public void A_graph_is_replayed_once_where_no_number_is_named(string line, int launches)
    {
        Assert.Equal(launches, Good(line).Run.GraphLaunches);
    }

    [Theory]
    [InlineData("", SyncMode.None)]
    [InlineData("--sync op", SyncMode.Op)]
    [InlineData("--sync barrier", SyncMode.Barrier)]
    public void What_follows_an_operation_is_named(string line, SyncMode mode)
    {
        Assert.Equal(mode, Good(line).Run.Sync);
    }

    [Theory]
    [InlineData("eth1")]
    [InlineData("10.1.2.3/16")]
    [InlineData("fd00::/8")]
    public void The_network_is_a_name_or_a_range(string text)
    {
        ParsedCommand parsed = Good($"-s --interface {text}");
        Assert.Equal([text], parsed.Process.Interfaces);
        Assert.Equal((1, 0), (parsed.Run.Streams, parsed.Run.Interfaces.Count));
    }

    [Theory]
    [InlineData("--interface eth0,10.1.0.0/16", 2)]
    [InlineData("--streams 5 --interface eth0,10.1.0.0/16", 5)]
    public void Several_networks_hold_for_all_processes_and_have_a_stream_each_at_least(string options, int streams)
    {
        ParsedCommand parsed = Good($"-s {options}");
        Assert.Equal(["eth0", "10.1.0.0/16"], parsed.Process.Interfaces);
        Assert.Equal(["eth0", "10.1.0.0/16"], parsed.Run.Interfaces);
        Assert.Equal(streams, parsed.Run.Streams);
    }

    [Theory]
    [InlineData("-s --interface eth0,", "--interface: 'eth0,' has an empty name in the list")]
    [InlineData("-s --interface eth0,10.0.0.0/33", "--interface: 'eth0,10.0.0.0/33' has '10.0.0.0/33', which is no range of addresses")]
    [InlineData("-s --interface eth0,eth0", "--interface: 'eth0,eth0' names eth0 twice")]
    [InlineData("-s --streams 0", "--streams: '0' is not a whole number from 1 to 16")]
    [InlineData("-s --streams 17", "--streams: '17' is not a whole number from 1 to 16")]
    [InlineData("-s --tcp-congestion a,b", "--tcp-congestion: 'a,b' is no name of a congestion control")]
    [InlineData("-s --tcp-congestion a-name-of-16-chr", "--tcp-congestion: 'a-name-of-16-chr' is no name of a congestion control")]
    public void What_TCP_cannot_be_told_is_refused(string line, string start) => Assert.StartsWith(start, Error(line));

    [Fact]
    public void Values_may_stand_in_the_same_word_and_switches_together()
    {
        ParsedCommand parsed = Good("-n3 --op=barrier -b=1K -B1M -Jv");

        Assert.Equal(3, parsed.Process.RanksPerProcess);
        Assert.Equal(["barrier"], parsed.Run.Operations);
        Assert.Equal((1L << 10, 1L << 20), (parsed.Run.MinBytes, parsed.Run.MaxBytes));
        Assert.True(parsed.Console is { Format: OutputFormat.Json, Verbose: true, Debug: false });
    }

    [Fact]
    public void Options_of_the_console_are_read()
    {
        Assert.Equal(
            new ConsoleOptions
            {
                Format = OutputFormat.Json,
                Output = "a b/c.json",
                Verbose = true,
                ShowsTransport = true,
                Debug = true,
                IntervalSeconds = 2,
            },
            CommandLine.Parse(
                ["--json", "--output", "a b/c.json", "--verbose", "--show-transport", "--debug", "--interval", "2"]).Console);
    }

    [Fact]
    public void Given_names_what_the_processes_of_a_run_must_agree_on_and_no_more()
    {
        ParsedCommand parsed = Good("-c node1 -p 6000 -g 2 --timeout 5 -J -b 1M --verify --op all --transport tcp");

        Assert.Equal(["--bytes", "--op", "--transport", "--verify"], parsed.Given.Order());
    }

    [Fact]
    public void Without_a_largest_size_the_smallest_is_the_only_one()
    {
        Assert.Equal([1L << 20], Good("-b 1M").Run.Sizes());
        Assert.Equal([1024L, 2048L], Good("-B 2K").Run.Sizes());
        Assert.Equal([1024L, 3072L], Good("-B 4K --step-bytes 2K").Run.Sizes());
    }

    [Theory]
    [InlineData("-n 3", 3)]
    [InlineData("-g 4", 4)]
    [InlineData("-n 4 -g 4", 4)]
    [InlineData("--local -n 1", 1)]
    public void A_local_run_has_all_its_ranks_in_one_process(string line, int ranks)
    {
        Assert.Equal((Mode.Local, ranks), (Good(line).Process.Mode, Good(line).Process.RanksPerProcess));
    }

    [Fact]
    public void In_socket_mode_clients_and_ranks_are_counted_apart()
    {
        ProcessOptions process = Good("-s -n 3 -g 2 -p 0").Process;

        Assert.Equal((3, 2, 0), (process.ExpectedClients, process.RanksPerProcess, process.Port));
    }

    [Theory]
    [InlineData("-n 4", nameof(RanksIn.Auto), 1)]
    [InlineData("-n 4 --ranks-in auto", nameof(RanksIn.Auto), 1)]
    [InlineData("-n 4 --ranks-in threads", nameof(RanksIn.Threads), 1)]
    [InlineData("-n 4 --ranks-in processes", nameof(RanksIn.Processes), 4)]
    [InlineData("-n 1 --ranks-in processes", nameof(RanksIn.Processes), 1)]
    [InlineData("-s -g 3 --ranks-in processes", nameof(RanksIn.Processes), 3)]
    [InlineData("-c node1 -g 2 --ranks-in=processes", nameof(RanksIn.Processes), 2)]
    public void Ranks_are_threads_or_processes(string line, string name, int processes)
    {
        RanksIn kind = Enum.Parse<RanksIn>(name);
        ParsedCommand parsed = Good(line);

        Assert.Equal((kind, processes), (parsed.Process.RanksIn, parsed.Process.Processes));
        Assert.Empty(parsed.Given);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    [InlineData("-s -b 1Q --bogus --help")]
    public void Help_is_printed_whatever_else_is_wrong(string line)
    {
        ParsedCommand parsed = CommandLine.Parse(Words(line));

        Assert.StartsWith("nperf:", parsed.Text);
        Assert.Empty(parsed.Errors);
    }

    [Fact]
    public void The_version_is_that_of_the_program()
    {
        Assert.Matches(@"^nperf \d+\.\d+\.\d+$", CommandLine.Parse(["--version"]).Text!);
    }
}
