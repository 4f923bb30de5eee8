using CsCheck;
using Nperf.Arguments;

namespace Nperf.Tests.Arguments;

public class MistakesTests
{
    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        IReadOnlyList<string> errors = CommandLineTests.Errors("-b 1Q -i 5x -t abc --op foo -P 4 --timeout 0 stray");

        Assert.Equal(["--op", "--timeout", "-P", "-b", "-i", "-t"], errors.Select(Option).Where(IsOption).Order(StringComparer.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("'stray': unexpected", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-s -c node1", "-c: cannot be combined with -s (--server)")]
    [InlineData("--local -s", "-s: cannot be combined with --local")]
    [InlineData("--local -c node1", "-c: cannot be combined with --local")]
    [InlineData("-c node1 -n 3", "-n: belongs to the server")]
    [InlineData("-c fe80::1", "-c: 'fe80::1' is an address of one link: say through which interface, for example fe80::1%eth0")]
    [InlineData("-c [fe80::1]:99", "-c: '[fe80::1]:99' is an address of one link")]
    [InlineData("topology", "'topology': unexpected; did you mean --topology?")]
    [InlineData("help", "'help': unexpected; did you mean --help?")]
    [InlineData("-s -1", "'-1': unexpected; a server always serves one run")]
    [InlineData("--mpi -s", "--mpi: cannot be combined with -s (--server)")]
    [InlineData("--mpi -c node1", "--mpi: cannot be combined with -c (--client)")]
    [InlineData("--mpi -n 2", "-n: with --mpi the launcher has the number of processes: mpirun -np N")]
    [InlineData("--mpi -p 6000", "-p: with --mpi there is no port")]
    [InlineData("--mpi --bind 127.0.0.1", "--bind: with --mpi there is no port")]
    [InlineData("--mpi --ranks-in processes", "--ranks-in: with --mpi the launcher starts the processes: mpirun -np N")]
    [InlineData("--mpi-lib /opt/libmpi.so.40", "--mpi-lib: needs --mpi")]
    [InlineData("--mpi --rank 1", "--rank: belongs to --nccl-bootstrap")]
    [InlineData("-n 3 -g 2", "-g: differs from -n")]
    [InlineData("-p 6000", "-p: a local run has no port; add -s or -c HOST")]
    [InlineData("-c node1:99 -p 98", "-p: 98 differs from the port 99 of HOST")]
    [InlineData("-b 2K -B 1K", "-B: '1K' is less than -b 2K")]
    [InlineData("-B 512", "-B: '512' is less than -b, which is 1K")]
    [InlineData("-S 2 --step-bytes 1K", "--step-bytes: cannot be combined with -S (--step)")]
    [InlineData("-i 10 -t 10", "-i: cannot be combined with -t (--time)")]
    [InlineData("-O 1", "-O: needs -t (--time) or --precision")]
    [InlineData("-i 10 --precision 1%", "-i: cannot be combined with --precision, which runs as many as it takes; -t bounds it")]
    [InlineData("--precision 1% --verify", "--precision: cannot be combined with --verify each")]
    [InlineData("--precision 1", "--precision: '1' is no percentage, for example 1%")]
    [InlineData("--precision 0%", "--precision: '0%' is out of range; more than 0% and less than 100%")]
    [InlineData("--precision 100%", "--precision: '100%' is out of range")]
    [InlineData("-n 2 --root 2", "--root: there is no rank 2; the ranks are 0 to 1")]
    [InlineData("-n 1 --root 0,1", "--root: there is no rank 1; rank 0 is the only one")]
    [InlineData("--spread 0.5", "--spread: has nothing to do with what is run; it belongs to --op alltoallv")]
    [InlineData("--op alltoall --spread 0.5", "--spread: has nothing to do with what is run")]
    [InlineData("-c node1 --op alltoall --spread 0.5", "--spread: has nothing to do with what is run")]
    [InlineData("-n 3 --op hypercube", "--op: hypercube needs a power of two ranks, and there are 3 (-n)")]
    [InlineData("--backend host --algo tree", "--algo: 'tree' is NCCL's; the host backend has recursive-doubling, ")]
    [InlineData("--transport tcp --algo tree", "--algo: 'tree' is NCCL's; the host backend has ")]
    [InlineData("--backend nccl --algo bruck", "--algo: 'bruck' is the host backend's; NCCL has auto, ring, tree, ")]
    [InlineData("--backend host --op allreduce,allgather --algo bruck", "--algo: allreduce has no 'bruck': it has recursive-doubling, ")]
    [InlineData("-s --backend host --algo bruck", "--algo: allreduce has no 'bruck'")]
    [InlineData("--algo bruck", "--algo: allreduce has no 'bruck'")]
    [InlineData("-n 1 --backend host --algo ring", "--algo: 'ring' needs two ranks or more: one alone copies (-n)")]
    [InlineData("-n 2 --split mod:2 --backend host --algo ring", "--algo: 'ring' needs two ranks or more: one alone copies in a group (-n, --split)")]
    [InlineData("--backend nccl --wait spin", "--wait: is the host backend's")]
    [InlineData("--mpi --backend mpi --wait spin", "--wait: is the host backend's")]
    [InlineData("--mpi --backend mpi --algo ring", "--algo: is NCCL's and the host backend's; MPI chooses its own")]
    [InlineData("--backend host --proto ll", "--proto: is NCCL's")]
    [InlineData("--backend host --graph", "--graph: is NCCL's")]
    [InlineData("--backend host --register local", "--register: 'local' is NCCL's; on --backend host there is symmetric")]
    [InlineData("--backend host --cta-policy zero", "--cta-policy: is NCCL's")]
    [InlineData("--backend host --device 0", "--device: is NCCL's")]
    [InlineData("--backend host --nccl-lib /opt/libnccl.so.2", "--nccl-lib: is NCCL's")]
    [InlineData("--backend host --show-transport", "--show-transport: is NCCL's")]
    [InlineData("--backend nccl --transport shm", "--transport: is the host backend's")]
    [InlineData("--graph --sync op", "--graph: cannot be combined with --sync")]
    [InlineData("-n 2 --ranks-in processes --transport memory", "--transport: 'memory' is that of one process")]
    [InlineData("--op allreduce,alltoall --in-place yes", "--in-place: alltoall cannot run in place")]
    [InlineData("--op all --in-place yes", "--in-place: alltoall, alltoallv, sendrecv, barrier cannot run in place")]
    [InlineData("-n 5 --split mod:2", "--split: 'mod:2' makes groups of 3, 2 of 5 ranks; they have to be equally large (-n)")]
    [InlineData("-n 6 --split mod:2 --op hypercube", "--op: hypercube needs a power of two ranks, and there are 3 in a group")]
    [InlineData("-n 4 --split mod:2 --root 2", "--root: there is no rank 2; the ranks are 0 to 1 in a group")]
    [InlineData("-s --transport memory", "--transport: 'memory' is that of one process")]
    [InlineData("--ranks-in processes --transport memory", "--transport: 'memory' is that of one process; --ranks-in processes needs shm or tcp")]
    [InlineData("--interface eth0", "--interface: a local run has no network")]
    [InlineData("--streams 2", "--streams: a local run has no network")]
    [InlineData("--transport shm --tcp-congestion bbr", "--tcp-congestion: a local run has no network")]
    [InlineData("-s --transport shm --streams 2", "--streams: is about TCP, and --transport shm has none")]
    [InlineData("-s --backend nccl --streams 2", "--streams: is the host backend's")]
    [InlineData("-s --backend nccl --tcp-congestion bbr", "--tcp-congestion: is the host backend's")]
    [InlineData("-s --streams 1 --interface eth0,eth1", "--streams: '1' is less than the 2 networks of --interface")]
    [InlineData("--verify none --verify-tolerance 1e-5", "--verify-tolerance: has nothing to do with --verify none")]
    [InlineData("--topo-format dot", "--topo-format: needs --topology")]
    [InlineData("--topology --topo-format xml", "--topo-format: 'xml' is not one of matrix, tree, dot, json")]
    [InlineData("--topology -J --topo-format tree", "--topo-format: cannot be combined with -J (--json)")]
    [InlineData("-c node1 --topology --topo-format tree", "--topo-format: belongs to the server")]
    [InlineData("-c node1 --topology -J", "-J: belongs to the server")]
    [InlineData("-c node1 --topology -o FILE", "-o: belongs to the server")]
    public void Options_that_do_not_go_together_are_refused_by_name(string line, string start)
    {
        Assert.StartsWith(start, CommandLineTests.Error(line));
    }

    [Theory]
    [InlineData("-c node1:99 -p 99")]
    [InlineData("-s -n 1 --root 5")]
    [InlineData("-n 6 --root 5")]
    [InlineData("--root 5")]
    [InlineData("-g all --root 5")]
    [InlineData("--op hypercube")]
    [InlineData("--algo ring --op allreduce,allgather")]
    [InlineData("--algo bruck --op all --backend host")]
    [InlineData("--algo tree")]
    [InlineData("--op allgather --algo bruck")]
    [InlineData("-c node1 --backend host --algo bruck")]
    [InlineData("-c node1 --algo bruck --op allgather")]
    [InlineData("--backend host --sync op --aggregate 4")]
    [InlineData("--backend nccl --transport auto")]
    [InlineData("--graph 3 --sync none")]
    [InlineData("-t 2 -O 1")]
    [InlineData("-b 1K -B 1K")]
    [InlineData("--op all --spread 0.5")]
    [InlineData("-c node1 --spread 0.5")]
    [InlineData("-n 3 --op all")]
    [InlineData("-n 8 --split and:0x3 --root 1 --op hypercube,reduce")]
    [InlineData("-s -n 4 --split mod:2")]
    [InlineData("-s -n 2 --op hypercube")]
    [InlineData("--transport tcp --interface lo")]
    [InlineData("--transport tcp --streams 16 --tcp-congestion cubic")]
    [InlineData("-s --streams 3 --interface eth0,eth1")]
    [InlineData("-c node1 --interface eth0,eth1,10.0.0.0/8")]
    [InlineData("--topology -J --topo-format json -o FILE")]
    [InlineData("-c node1 --topology -v")]
    [InlineData("-n 1 --ranks-in processes --transport memory")]
    public void Options_that_go_together_are_taken(string line)
    {
        CommandLineTests.Good(line);
    }

    [Fact]
    public void A_wrong_value_is_not_held_against_other_options()
    {
        Assert.StartsWith("-b: '1Q'", CommandLineTests.Error("-b 1Q -B 10"));
        Assert.StartsWith("-n: 'x'", CommandLineTests.Error("-n x --root 5"));
        Assert.StartsWith("-t: 'x'", CommandLineTests.Error("-t x -O 5"));
    }

    [Fact]
    public void Every_option_may_be_given_once()
    {
        foreach (OptionDefinition option in OptionTable.All)
        {
            if (option == OptionTable.Help || option == OptionTable.Version || option.MayRepeat) continue;
            string once = option.Value is null || option.ValueIsOptional ? option.Name : $"{option.Name} 1";
            Assert.Contains(
                $"{option.Display}: given more than once; name it once", CommandLineTests.Errors($"{once} {once}"));
        }
    }

    [Fact]
    public void Every_option_that_takes_a_value_says_so_where_it_is_missing()
    {
        foreach (OptionDefinition option in OptionTable.All)
        {
            if (option.Value is null || option.ValueIsOptional) continue;
            Assert.Contains(
                $"{option.Display}: needs a value: {option.Display} {option.Value}", CommandLineTests.Errors(option.Name));
        }
    }

    [Theory]
    [InlineData("--json=true")]
    [InlineData("[diagram]")]
    [InlineData("@arguments.txt")]
    [InlineData("/h")]
    [InlineData("-?")]
    [InlineData("-Jx")]
    public void Nothing_is_read_that_is_not_documented(string line)
    {
        Assert.NotEmpty(CommandLineTests.Errors(line));
    }

    [Theory]
    [InlineData("-P 4", "-P: unknown option; parallel TCP streams are --streams")]
    [InlineData("-P4", "-P: unknown option; parallel TCP streams are --streams")]
    [InlineData("-u", "-u: unknown option; nperf has no UDP")]
    [InlineData("-R", "-R: unknown option; nperf has no reverse mode")]
    [InlineData("--bidir", "--bidir: unknown option; nperf has no such mode")]
    [InlineData("-e 1G", "-e: unknown option; the largest size is -B (--max-bytes)")]
    [InlineData("-f 2", "-f: unknown option; the factor from one size to the next is -S (--step)")]
    [InlineData("-d float", "-d: unknown option; element types are --dtype")]
    [InlineData("-r 1", "-r: unknown option; root ranks are --root")]
    [InlineData("-k 10", "-k: unknown option; the number of iterations is -i (--iters)")]
    [InlineData("-l 1M", "-l: unknown option; the size is -b (--bytes)")]
    [InlineData("-V", "-V: unknown option; to see more use -v (--verbose)")]
    [InlineData("-G 2", "-G: unknown option; CUDA graphs are --graph")]
    [InlineData("-m 4", "-m: unknown option; operations an iteration are --aggregate")]
    [InlineData("-R 1", "-R: unknown option; nperf has no reverse mode: every rank sends and receives; buffer registration is --register")]
    [InlineData("-z 1", "-z: unknown option; what follows each operation is --sync")]
    [InlineData("--cudagraph 2", "--cudagraph: unknown option; CUDA graphs are --graph")]
    [InlineData("--local_register 2", "--local_register: unknown option; buffer registration is --register")]
    [InlineData("--itres 3", "--itres: unknown option; did you mean --iters?")]
    [InlineData("--max_bytes 3", "--max_bytes: unknown option; did you mean --max-bytes?")]
    [InlineData("--bogus", "--bogus: unknown option")]
    [InlineData("-=", "-: unknown option")]
    [InlineData("--verify -P 4", "-P: unknown option")]
    [InlineData("10.0.0.1", "'10.0.0.1': unexpected; to join the server there use -c 10.0.0.1")]
    [InlineData("allreduce", "'allreduce': unexpected; did you mean --op allreduce?")]
    public void A_habit_from_elsewhere_gets_a_hint_and_is_never_read_as_something_else(
        string line, string start)
    {
        Assert.StartsWith(start, CommandLineTests.Error(line));
    }

    [Theory]
    [InlineData("-o sum", "--redop sum")]
    [InlineData("-c 1", "--verify")]
    [InlineData("-B 10.0.0.1", "--interface")]
    [InlineData("-w 256K", "TCP windows")]
    [InlineData("-n 1G", "-b (--bytes)")]
    [InlineData("-i 0.5", "--interval")]
    [InlineData("--dtype float", "did you mean float32?")]
    [InlineData("--dtype half", "did you mean float16?")]
    [InlineData("--dtype double", "did you mean float64?")]
    [InlineData("--dtype bf16", "did you mean bfloat16?")]
    [InlineData("--dtype fp16", "did you mean float16?")]
    [InlineData("--dtype float23", "did you mean float32?")]
    [InlineData("--op all_reduce", "did you mean allreduce?")]
    [InlineData("--op AllReduce", "did you mean allreduce?")]
    [InlineData("--op reduce_scatter_perf", "did you mean reducescatter?")]
    [InlineData("--op allredcue", "did you mean allreduce?")]
    [InlineData("--redop average", "did you mean avg?")]
    [InlineData("--transport socket", "did you mean tcp?")]
    public void A_value_from_elsewhere_gets_a_hint(string line, string hint)
    {
        Assert.Contains(hint, CommandLineTests.Error(line));
    }

    [Fact]
    public void No_words_whatever_make_the_parser_fail_and_every_message_is_one_line()
    {
        string[] names = [.. OptionTable.All.SelectMany(option => new[] { option.Name, option.Letter ?? "--" })];
        Gen<string> word = Gen.OneOf(Gen.Int[0, names.Length - 1].Select(index => names[index]), Gen.String[Gen.Char[' ', '~'], 0, 6], Gen.Int.Select(n => $"{n}"));
        word.Array[0, 8].Sample(
            words =>
            {
                ParsedCommand parsed = CommandLine.Parse(words);
                Assert.All(parsed.Errors, error => Assert.DoesNotContain('\n', error));
            },
            iter: 2000);
    }

    private static string Option(string error) => error.Split(':')[0];

    private static bool IsOption(string word) => word.StartsWith('-');
}
