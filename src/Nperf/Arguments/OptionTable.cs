using Nperf.Core.Host.Algorithms;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>Every option, in the order of the help text.</summary>
internal static class OptionTable
{
    public static readonly OptionDefinition Local = new(
        "--local", null, null, OptionGroup.Modes, "this machine alone, with all ranks: the mode where none is named");

    public static readonly OptionDefinition Server = new(
        "--server", "-s", null, OptionGroup.Modes, "socket mode: wait for clients; has rank 0");

    public static readonly OptionDefinition Client = new(
        "--client", "-c", "HOST", OptionGroup.Modes,
        "socket mode: join the server at HOST: a name, an IPv4 or IPv6 address, name:port or [IPv6]:port");

    public static readonly OptionDefinition Mpi = new(
        "--mpi", null, null, OptionGroup.Modes, "be one process of an MPI job: mpirun -np N nperf --mpi");

    public static readonly OptionDefinition MpiLib = new(
        "--mpi-lib", null, "PATH", OptionGroup.Modes, "take this libmpi and look at no other place", "the launcher's");

    public static readonly OptionDefinition NcclBootstrap = new(
        "--nccl-bootstrap", null, null, OptionGroup.Modes,
        "as NCCL's own bootstrap: --rank, --world-size and NCCL_COMM_ID=host:port of rank 0");

    public static readonly OptionDefinition Rank = new(
        "--rank", null, "N", OptionGroup.Modes, "NCCL bootstrap: this process's number, from 0 on");

    public static readonly OptionDefinition WorldSize = new(
        "--world-size", null, "N", OptionGroup.Modes, "NCCL bootstrap: how many processes are started");

    public static readonly OptionDefinition NumGpus = new(
        "--num-gpus", "-n", "N", OptionGroup.Modes,
        "server: clients to wait for (default: 1); local: ranks (default: one a GPU with NCCL, else 2)");

    public static readonly OptionDefinition RanksPerNode = new(
        "--ranks-per-node", "-g", "N|all", OptionGroup.Modes,
        "ranks that this command brings (default: 1 with -s, -c and --mpi; local: the same as -n); all: one a GPU");

    public static readonly OptionDefinition RanksIn = new(
        "--ranks-in", null, "KIND", OptionGroup.Modes,
        "what these ranks are: threads, processes (one a rank), or auto, the best for the backend", "auto");

    public static readonly OptionDefinition Port = new(
        "--port", "-p", "PORT", OptionGroup.Modes, "TCP port; with -s, 0 takes a free one; NCCL bootstrap: behind NCCL_COMM_ID's", "5201");

    public static readonly OptionDefinition Bind = new(
        "--bind", null, "ADDRESS", OptionGroup.Modes,
        "listen on this address of this machine alone, and connect from it", "all of them");

    public static readonly OptionDefinition TokenFile = new(
        "--token-file", null, "FILE", OptionGroup.Modes,
        "what every process of the run has to know to be let in; the variable NPERF_TOKEN does the same");

    public static readonly OptionDefinition Interface = new(
        "--interface", null, "NAME|CIDR", OptionGroup.Modes,
        "network for the data, for example eth1 or 10.1.0.0/16; several with commas: a pair's TCP streams go over them in turn",
        "the one that reaches the server");

    public static readonly OptionDefinition Timeout = new(
        "--timeout", null, "SECONDS", OptionGroup.Modes,
        "for how long nothing may move in the run; longest wait for a process to join", "30");

    public static readonly OptionDefinition NcclLib = new(
        "--nccl-lib", null, "PATH", OptionGroup.Modes,
        "take this libnccl.so.2 and look at no other place");

    public static readonly OptionDefinition Device = new(
        "--device", null, "N", OptionGroup.Modes,
        "NCCL: the GPU of this process's first rank, further ranks take the next", "the first that no other rank has");

    public static readonly OptionDefinition Op = RunOption(
        "--op", null, "LIST", "what to run: allreduce allgather broadcast reduce reducescatter alltoall alltoallv "
        + "gather scatter sendrecv hypercube barrier, or all", "allreduce");

    public static readonly OptionDefinition Pattern = RunOption(
        "--pattern", null, "NAME", "instead of operations: pairs, every pair of ranks by itself; find-slow, from there to the ranks that "
        + "slow the others; collectives: none of these", "collectives");

    public static readonly OptionDefinition DType = RunOption(
        "--dtype", null, "LIST", "element types: float32 float64 float16 bfloat16 float8e4m3 float8e5m2 int8 uint8 "
        + "int32 uint32 int64 uint64, or all", "float32");

    public static readonly OptionDefinition RedOp = RunOption(
        "--redop", null, "LIST", "reductions: sum prod min max avg, or all", "sum");

    public static readonly OptionDefinition Root = RunOption(
        "--root", null, "LIST", "root ranks, or all", "0");

    public static readonly OptionDefinition Spread = RunOption(
        "--spread", null, "X", "alltoallv: from 0, the same to every rank, to 1, more the further away", "1");

    public static readonly OptionDefinition Traffic = RunOption(
        "--traffic", null, "FILE", "alltoallv: a square matrix, bytes from each rank to each; scaled to -b and -B "
        + "where these are given");

    public static readonly OptionDefinition Split = RunOption(
        "--split", null, "KIND:NUMBER", "groups of ranks, each running by itself: ranks with the same and, or, mod (rest) or "
        + "div (quotient) with NUMBER, for example mod:8");

    public static readonly OptionDefinition InPlace = RunOption(
        "--in-place", null, "MODE", "send and receive buffer in one: no, yes, or both one after the other", "no");

    public static readonly OptionDefinition Bytes = RunOption(
        "--bytes", "-b", "SIZE", "smallest size; pairs: the one size", "1K; pairs: 64M on GPUs, else 4M");

    public static readonly OptionDefinition MaxBytes = RunOption(
        "--max-bytes", "-B", "SIZE", "largest size", "the same as -b");

    public static readonly OptionDefinition Step = RunOption(
        "--step", "-S", "FACTOR", "multiply the size by this from one to the next, more than 1", "2");

    public static readonly OptionDefinition StepBytes = RunOption(
        "--step-bytes", null, "SIZE", "add this from one size to the next instead");

    public static readonly OptionDefinition Iters = RunOption(
        "--iters", "-i", "N", "timed iterations a size", "20");

    public static readonly OptionDefinition Warmup = RunOption(
        "--warmup", "-w", "N", "iterations before the timed ones", "5");

    public static readonly OptionDefinition Time = RunOption(
        "--time", "-t", "SECONDS", "run each size for so long instead of -i times (pairs: 0.1)");

    public static readonly OptionDefinition Omit = RunOption(
        "--omit", "-O", "SECONDS", "with -t or --precision: run so long first, left out of the figures", "0");

    public static readonly OptionDefinition Precision = RunOption(
        "--precision", null, "PERCENT", "run each size until its time is known so well, for example 1%, and for -t seconds at the most "
        + "(default: 10)");

    public static readonly OptionDefinition Cycles = RunOption(
        "--cycles", null, "N", "repeat the whole N times; 0: until stopped", "1");

    public static readonly OptionDefinition Verify = RunOption(
        "--verify", null, "WHEN", "check the results: none, once (a size) or each (iteration); --verify alone is each",
        "once") with
    { ValueIsOptional = true };

    public static readonly OptionDefinition VerifyTolerance = RunOption(
        "--verify-tolerance", null, "TOL", "relative difference that a floating-point result may have; "
        + "0 compares every bit", "0");

    public static readonly OptionDefinition Backend = RunOption(
        "--backend", null, "NAME", "what carries the data: nccl (GPUs), host (CPU memory), mpi (MPI's own, "
        + "with --mpi), or auto: nccl where every process has it", "auto");

    public static readonly OptionDefinition Transport = RunOption(
        "--transport", null, "NAME", "how the host backend moves data: auto, memory (within a process), "
        + "shm (within a host), tcp", "auto");

    public static readonly OptionDefinition Streams = RunOption(
        "--streams", null, "N", $"host backend: TCP connections for each pair of ranks, up to {RunOptions.MostStreams}",
        "one for each --interface");

    public static readonly OptionDefinition TcpCongestion = RunOption(
        "--tcp-congestion", null, "NAME", "host backend: TCP's congestion control, as the kernel calls it: cubic, bbr, ...",
        "the system's");

    public static readonly OptionDefinition Algo = RunOption(
        "--algo", null, "NAME", "the algorithm, or auto; NCCL: " + Names(NcclSettings.AlgorithmNames) + "; host backend, as far as an "
        + "operation has it: " + Names(HostAlgorithms.Names), "auto");

    public static readonly OptionDefinition AlgoTable = RunOption(
        "--algo-table", null, "FILE", "host backend: a line an algorithm and the calls that take it, before its own table, "
        + "which nperf algorithms prints in that form");

    public static readonly OptionDefinition Wait = RunOption(
        "--wait", null, "HOW", "host backend: how ranks wait for each other: auto, spin, yield, block (sleep in the kernel)", "auto");

    public static readonly OptionDefinition Proto = RunOption(
        "--proto", null, "NAME", "NCCL's protocol: auto simple ll ll128", "auto");

    public static readonly OptionDefinition Graph = RunOption(
        "--graph", null, "N", "NCCL: take each batch down as a CUDA graph and replay it N times; --graph alone is 1")
        with
    { ValueIsOptional = true };

    public static readonly OptionDefinition Aggregate = RunOption(
        "--aggregate", null, "N", "operations an iteration; with NCCL in one group", "1");

    public static readonly OptionDefinition Register = RunOption(
        "--register", null, "HOW", "register the buffers first: none, local (NCCL), symmetric (windows; on the host backend shared memory)", "none");

    public static readonly OptionDefinition CtaPolicy = RunOption(
        "--cta-policy", null, "NAME", "NCCL: multiprocessors to take: default, efficiency, zero", "default");

    public static readonly OptionDefinition Sync = RunOption(
        "--sync", null, "WHEN", "after each operation: none, op (wait for it), barrier (and meet all ranks)", "none");
    public static readonly OptionDefinition Topology = new(
        "--topology", null, null, OptionGroup.WhatToRun,
        "run nothing: show GPUs, NVLinks, PCIe, NUMA nodes and network adapters of every host")
    { IsRunOption = true };

    public static readonly OptionDefinition TopoFormat = new(
        "--topo-format", null, "NAME", OptionGroup.WhatToRun,
        "with --topology: matrix (as nvidia-smi topo -m), tree, dot (Graphviz) or json", "matrix");

    public static readonly OptionDefinition Json = new(
        "--json", "-J", null, OptionGroup.Output, "print one JSON document instead of the table: --format json");

    public static readonly OptionDefinition JsonStream = new(
        "--json-stream", null, null, OptionGroup.Output,
        "print a line of JSON for each thing that happens: start, interval, result, error, end");

    public static readonly OptionDefinition Format = new(
        "--format", null, "NAME", OptionGroup.Output,
        "table, json, csv, nccl-tests (its text, for its parsers; runs --in-place both by itself) or prometheus "
        + "(node_exporter's textfile)", "table");

    public static readonly OptionDefinition Output = new(
        "--output", "-o", "FILE", OptionGroup.Output, "write that to FILE", "standard output");

    public static readonly OptionDefinition Expect = new(
        "--expect", null, "WHAT", OptionGroup.Output,
        "exit with 4 where a figure is not so: 'busbw >= 300 @ 1G', 'allreduce p99 < 50 @ 8K..64K'; may be repeated")
    { MayRepeat = true };

    public static readonly OptionDefinition ExpectFile = new(
        "--expect-file", null, "FILE", OptionGroup.Output, "the same, a line each");

    public static readonly OptionDefinition ExpectPreset = new(
        "--expect-preset", null, "NAME", OptionGroup.Output,
        "the same, as published for a known machine: " + string.Join(' ', ExpectationPresets.Names));

    public static readonly OptionDefinition Verbose = new(
        "--verbose", "-v", null, OptionGroup.Output, "say more: processes, algorithms, each rank's times");

    public static readonly OptionDefinition ShowTransport = new(
        "--show-transport", null, null, OptionGroup.Output, "NCCL: show what it connects the ranks with, from its log");

    public static readonly OptionDefinition Debug = new(
        "--debug", null, null, OptionGroup.Output, "show where in the program a failure came from, and NCCL's log (NCCL_DEBUG=INFO)");

    public static readonly OptionDefinition Interval = new(
        "--interval", null, "SECONDS", OptionGroup.Output, "progress reports; 0: none", "1.0");

    public static readonly OptionDefinition Help = new(
        "--help", "-h", null, OptionGroup.Output, "print this text");

    public static readonly OptionDefinition Version = new(
        "--version", null, null, OptionGroup.Output, "print the version");

    /// <summary>Those that name a mode: at most one is given, and without one the environment may tell.</summary>
    public static IReadOnlyList<OptionDefinition> ModeOptions { get; } = [Local, Server, Client, Mpi, NcclBootstrap];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Local, Server, Client, Mpi, MpiLib, NcclBootstrap, Rank, WorldSize,
        NumGpus, RanksPerNode, RanksIn, Port, Bind, TokenFile, Interface, Timeout, NcclLib, Device,
        Op, Pattern, DType, RedOp, Root, Spread, Traffic, Split, InPlace,
        Bytes, MaxBytes, Step, StepBytes, Iters, Warmup, Time, Omit, Precision, Cycles,
        Verify, VerifyTolerance, Backend, Transport, Streams, TcpCongestion, Algo, AlgoTable, Wait, Proto, Graph, Aggregate, Register, CtaPolicy, Sync,
        Topology, TopoFormat,
        Json, JsonStream, Format, Output, Expect, ExpectFile, ExpectPreset, Verbose, ShowTransport, Debug, Interval, Help, Version,
    ];

    private static string Names(IEnumerable<string> names) => string.Join(' ', names.Where(name => name != RunOptions.AutoName));

    private static OptionDefinition RunOption(
        string name, string? letter, string value, string help, string? fallback = null) =>
        new(name, letter, value, OptionGroup.WhatToRun, help, fallback) { IsRunOption = true };
}
