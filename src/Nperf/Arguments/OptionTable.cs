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

    public static readonly OptionDefinition NumGpus = new(
        "--num-gpus", "-n", "N", OptionGroup.Modes,
        "server: clients to wait for (default: 1); local: ranks (default: 2)");

    public static readonly OptionDefinition RanksPerNode = new(
        "--ranks-per-node", "-g", "N", OptionGroup.Modes,
        "ranks that this command brings (default: 1 with -s and -c; local: the same as -n)");

    public static readonly OptionDefinition RanksIn = new(
        "--ranks-in", null, "KIND", OptionGroup.Modes,
        "what these ranks are: threads, processes (one a rank), or auto, the best for the backend", "auto");

    public static readonly OptionDefinition Port = new(
        "--port", "-p", "PORT", OptionGroup.Modes, "TCP port; with -s, 0 takes a free one", "5201");

    public static readonly OptionDefinition Interface = new(
        "--interface", null, "NAME|CIDR", OptionGroup.Modes,
        "network for the data, for example eth1 or 10.1.0.0/16", "the one that reaches the server");

    public static readonly OptionDefinition Timeout = new(
        "--timeout", null, "SECONDS", OptionGroup.Modes,
        "longest wait of one process for another; with -c, longest wait to join", "30");

    public static readonly OptionDefinition NcclLib = new(
        "--nccl-lib", null, "PATH", OptionGroup.Modes,
        "with doctor: look at this libnccl.so.2 and at no other place");

    public static readonly OptionDefinition Op = RunOption(
        "--op", null, "LIST", "what to run: allreduce allgather broadcast reduce reducescatter alltoall gather "
        + "scatter sendrecv barrier, or all", "allreduce");

    public static readonly OptionDefinition DType = RunOption(
        "--dtype", null, "LIST", "element types: float32 float64 float16 bfloat16 int8 uint8 int32 uint32 int64 "
        + "uint64, or all", "float32");

    public static readonly OptionDefinition RedOp = RunOption(
        "--redop", null, "LIST", "reductions: sum prod min max avg, or all", "sum");

    public static readonly OptionDefinition Root = RunOption(
        "--root", null, "LIST", "root ranks, or all", "0");

    public static readonly OptionDefinition Bytes = RunOption(
        "--bytes", "-b", "SIZE", "smallest size", "1K");

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
        "--time", "-t", "SECONDS", "run each size for so long instead of -i times");

    public static readonly OptionDefinition Omit = RunOption(
        "--omit", "-O", "SECONDS", "with -t: run so long first, left out of the figures", "0");

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
        "--backend", null, "NAME", "what carries the data: auto, host (CPU memory)", "auto");

    public static readonly OptionDefinition Transport = RunOption(
        "--transport", null, "NAME", "how the host backend moves data: auto, memory (within a process), "
        + "shm (within a host), tcp", "auto");

    public static readonly OptionDefinition Json = new(
        "--json", "-J", null, OptionGroup.Output, "print one JSON document instead of the table");

    public static readonly OptionDefinition Output = new(
        "--output", "-o", "FILE", OptionGroup.Output, "write the table or the document to FILE", "standard output");

    public static readonly OptionDefinition Verbose = new(
        "--verbose", "-v", null, OptionGroup.Output, "say more: processes, algorithms, each rank's times");

    public static readonly OptionDefinition Debug = new(
        "--debug", null, null, OptionGroup.Output, "show where in the program a failure came from");

    public static readonly OptionDefinition Interval = new(
        "--interval", null, "SECONDS", OptionGroup.Output, "progress reports; 0: none", "1.0");

    public static readonly OptionDefinition Help = new(
        "--help", "-h", null, OptionGroup.Output, "print this text");

    public static readonly OptionDefinition Version = new(
        "--version", null, null, OptionGroup.Output, "print the version");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Local, Server, Client, NumGpus, RanksPerNode, RanksIn, Port, Interface, Timeout, NcclLib,
        Op, DType, RedOp, Root, Bytes, MaxBytes, Step, StepBytes, Iters, Warmup, Time, Omit, Cycles,
        Verify, VerifyTolerance, Backend, Transport,
        Json, Output, Verbose, Debug, Interval, Help, Version,
    ];

    private static OptionDefinition RunOption(
        string name, string? letter, string value, string help, string? fallback = null) =>
        new(name, letter, value, OptionGroup.WhatToRun, help, fallback) { IsRunOption = true };
}
