using System.Net;
using Nperf.Core.Expectations;
using Nperf.Core.Launchers;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Launch;

namespace Nperf.Arguments;

/// <summary>The command line: from words to options, or to every mistake at once.</summary>
internal static class CommandLine
{
    /// <summary>The most ranks that a process can bring; each is a thread or a process.</summary>
    public const int MaxRanksPerProcess = 1024;

    /// <summary>The first word of a command line that looks at the machine and runs nothing.</summary>
    public const string DoctorWord = "doctor";

    private const int MaxClients = 65535;

    /// <summary>The version of this program, as <c>--version</c> prints it.</summary>
    public static string ProgramVersion => DocumentBuilder.Version;

    /// <summary>Reads <paramref name="args"/>. Never throws, prints nothing.</summary>
    /// <param name="args">The words behind the program's name.</param>
    /// <param name="environment">Where a launcher may have left the process's place, and its user a token; null is an empty one.</param>
    /// <param name="readsToken">False for a process that has the run's token from the one that started it.</param>
    public static ParsedCommand Parse(
        IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? environment = null, bool readsToken = true)
    {
        environment ??= new Dictionary<string, string>();
        args = PatternCombinations.Expand(args);
        if (args.Count > 0 && args[0] == LaunchLine.Word) return LaunchLine.Parse([.. args.Skip(1)], environment);
        if (args.Count > 0 && args[0] == CompareLine.Word) return CompareLine.Parse([.. args.Skip(1)]);
        if (args.Count > 0 && args[0] == ReportLine.Word) return ReportLine.Parse([.. args.Skip(1)]);
        string? word = CommandTable.Of(args)?.Word;
        var given = new GivenOptions(word is null ? args : [.. args.Skip(1)], OptionTable.All);
        if (given.Has(OptionTable.Help)) return new ParsedCommand { Text = HelpText.Build() };
        if (given.Has(OptionTable.Version)) return new ParsedCommand { Text = $"nperf {ProgramVersion}" };
        if (word == CompletionLine.Word) return Alone(given, $"{CompletionLine.Word}, which takes none", CompletionLine.Parse(given));
        if (word == ManPage.Word) return Alone(given, $"{ManPage.Word}, which takes none", new ParsedCommand { Text = ManPage.Build() });
        if (word == DoctorWord)
        {
            string? library = given.Read<string?>(OptionTable.NcclLib, Values.LibraryFile, null);
            return Alone(given, $"{DoctorWord}, which takes only --nccl-lib PATH", new ParsedCommand { Doctor = new DoctorOptions(library) }, OptionTable.NcclLib);
        }

        if (word == AlgorithmFile.Word) return Alone(given, $"{AlgorithmFile.Word}, which takes none", new ParsedCommand { Text = AlgorithmFile.OwnTable() });

        Launched? launched = LaunchedMode.Find(given, environment);
        ProcessOptions process = ReadProcessOptions(given, launched, environment);
        if (launched is not null) process = LaunchedMode.Apply(given, process, launched);
        if (readsToken)
            process = process with { Token = TokenSource.Read(given, process.Mode, environment.GetValueOrDefault(Token.Variable)) };

        RunOptions run = ReadRunOptions(given, process);
        ConsoleOptions console = ReadConsoleOptions(given);
        if (process.LeavesOutputToServer) console = console with { Format = OutputFormat.Table, Output = null, Expectations = [] };
        Combinations.Check(given, run, process);
        PatternCombinations.Check(given, run, process);
        Combinations.CheckExpectations(given, run, process, console.Expectations);
        given.ReportUnknownWords();
        if (given.Errors.Count > 0) return new ParsedCommand { Errors = given.Errors };
        return new ParsedCommand
        {
            Run = run,
            Process = process,
            Console = console,
            Given = OptionTable.All.Where(option => option.IsRunOption && given.Has(option))
                .Select(option => option.Name).ToHashSet(),
        };
    }

    /// <summary>A command that runs nothing, and has none of the options but those <paramref name="taken"/>.</summary>
    private static ParsedCommand Alone(GivenOptions given, string word, ParsedCommand command, params OptionDefinition[] taken)
    {
        foreach (OptionDefinition option in OptionTable.All.Except(taken).Where(given.Has))
            given.Refuse(option, $"has nothing to do with nperf {word}");
        given.ReportUnknownWords();
        return given.Errors.Count > 0 ? new ParsedCommand { Errors = given.Errors } : command;
    }

    private static ProcessOptions ReadProcessOptions(
        GivenOptions given, Launched? launched, IReadOnlyDictionary<string, string> environment)
    {
        var defaults = new ProcessOptions();
        if (given.Has(OptionTable.NcclBootstrap))
        {
            AssignedPlace place = BootstrapArguments.ReadPlace(given, MaxClients + 1);
            (BootstrapAddress? address, int controlPort) = BootstrapArguments.ReadAddress(
                given, environment.GetValueOrDefault(BootstrapAddress.Variable));
            return ReadOwnOptions(given) with
            {
                Mode = place.Rank == 0 ? Mode.Server : Mode.Client,
                ServerHost = address?.Host,
                Port = controlPort,
                Assigned = place,
                LeavesOutputToServer = place.Rank > 0,
                Bootstrap = address,
                StartedBy = BootstrapArguments.ModeName,
            };
        }

        Mode mode = given.Has(OptionTable.Client) ? Mode.Client
            : given.Has(OptionTable.Server) ? Mode.Server
            : given.Has(OptionTable.Mpi) ? Mode.Mpi
            : given.Has(OptionTable.Local) || launched is null ? Mode.Local
            : LaunchedMode.Of(launched);
        (string? host, int? portOfHost) = given.Read<(string?, int?)>(OptionTable.Client, HostAndPort.Read, default);
        int port = given.Read(OptionTable.Port, Values.Whole(mode == Mode.Server ? 0 : 1, 65535), defaults.Port);
        if (portOfHost is not null && given.HasGood(OptionTable.Port) && port != portOfHost)
            given.Refuse(OptionTable.Port, $"{port} differs from the port {portOfHost} of HOST; name one port");

        int most = mode == Mode.Local ? MaxRanksPerProcess : MaxClients;
        int count = given.Read(
            OptionTable.NumGpus, Values.Whole(1, most), mode == Mode.Local ? ProcessOptions.RanksByDefault : 1);
        ProcessOptions own = ReadOwnOptions(given);
        return own with
        {
            Mode = mode,
            ServerHost = host,
            Port = portOfHost ?? port,
            ExpectedClients = mode == Mode.Server ? count : defaults.ExpectedClients,
            RanksPerProcess = mode == Mode.Local && !given.Has(OptionTable.RanksPerNode) ? count : own.RanksPerProcess,
        };
    }

    /// <summary>What a process brings and where it finds it, in whatever mode.</summary>
    private static ProcessOptions ReadOwnOptions(GivenOptions given)
    {
        var defaults = new ProcessOptions();
        return new ProcessOptions
        {
            RanksPerProcess = given.Read(OptionTable.RanksPerNode, Values.Ranks(MaxRanksPerProcess), defaults.RanksPerProcess),
            Device = given.Read(OptionTable.Device, Values.Whole(0, MaxRanksPerProcess - 1), defaults.Device),
            NcclLibrary = given.Read<string?>(OptionTable.NcclLib, Values.LibraryFile, null),
            ShowsNcclLog = given.Has(OptionTable.Debug),
            RanksIn = given.Read(OptionTable.RanksIn, Lists.RanksIn, defaults.RanksIn),
            Bind = given.Read<IPAddress?>(OptionTable.Bind, Values.OwnAddress, null),
            MpiLibrary = given.Read<string?>(OptionTable.MpiLib, Values.LibraryFile, null),
            Interfaces = given.Read<IReadOnlyList<string>>(OptionTable.Interface, Lists.NetworkInterfaces, defaults.Interfaces),
            JoinTimeoutSeconds = given.Read(OptionTable.Timeout, Values.Timeout, defaults.JoinTimeoutSeconds),
        };
    }

    private static RunOptions ReadRunOptions(GivenOptions given, ProcessOptions process)
    {
        var defaults = new RunOptions();
        long minBytes = given.Read(OptionTable.Bytes, Values.Size, defaults.MinBytes);
        RunPattern pattern = given.Read(OptionTable.Pattern, Lists.Pattern, defaults.Pattern);
        bool isTimed = pattern != RunPattern.Collectives && !given.Has(OptionTable.Iters);
        return new RunOptions
        {
            Pattern = pattern,
            PairBytes = pattern != RunPattern.Collectives && given.HasGood(OptionTable.Bytes) ? minBytes : defaults.PairBytes,
            Operations = given.Read(OptionTable.Op, Lists.Operations, defaults.Operations),
            DataTypes = given.Read(OptionTable.DType, Lists.DataTypes, defaults.DataTypes),
            Reductions = given.Read(OptionTable.RedOp, Lists.Reductions, defaults.Reductions),
            Roots = given.Read(OptionTable.Root, Lists.Roots, defaults.Roots),
            Spread = given.Read(OptionTable.Spread, Values.Share, defaults.Spread),
            Traffic = given.Read<TrafficMatrix?>(OptionTable.Traffic, TrafficFile.Read, null),
            UnscaledTraffic = given.Has(OptionTable.Traffic) && !given.Has(OptionTable.Bytes)
                && !given.Has(OptionTable.MaxBytes),
            Split = given.Read<Split?>(OptionTable.Split, Values.Split, null),
            // Its parsers read the columns of both.
            InPlace = given.Read(
                OptionTable.InPlace, Lists.InPlaceMode,
                FormatOf(given) == OutputFormat.NcclTests ? InPlaceMode.Both : defaults.InPlace),
            MinBytes = minBytes,
            MaxBytes = given.Read(OptionTable.MaxBytes, Values.Size, minBytes),
            StepFactor = given.Read(OptionTable.Step, Values.Factor, defaults.StepFactor),
            StepBytes = given.Read(OptionTable.StepBytes, Values.Size, defaults.StepBytes),
            Iterations = given.Read(OptionTable.Iters, Values.Whole(1, int.MaxValue), defaults.Iterations),
            WarmupIterations = given.Read(
                OptionTable.Warmup, Values.Whole(0, int.MaxValue), defaults.WarmupIterations),
            Seconds = given.Read(OptionTable.Time, Values.PositiveSeconds, isTimed ? PatternCombinations.DefaultSeconds : defaults.Seconds),
            OmitSeconds = given.Read(OptionTable.Omit, Values.SecondsOrZero, defaults.OmitSeconds),
            Precision = given.Read(OptionTable.Precision, Values.Precision, defaults.Precision),
            Cycles = given.Read(OptionTable.Cycles, Values.Whole(0, int.MaxValue), defaults.Cycles),
            Verify = given.Has(OptionTable.Verify) && given.Text(OptionTable.Verify) is null
                ? VerifyMode.Each
                : given.Read(OptionTable.Verify, Lists.VerifyMode, defaults.Verify),
            VerifyTolerance = given.Read(OptionTable.VerifyTolerance, Values.Tolerance, defaults.VerifyTolerance),
            Backend = given.Read(OptionTable.Backend, Lists.Backend, defaults.Backend),
            Transport = given.Read(OptionTable.Transport, Lists.Transport, defaults.Transport),
            Streams = given.Read(
                OptionTable.Streams, Values.Whole(1, RunOptions.MostStreams), Math.Max(defaults.Streams, process.Interfaces.Count)),
            Interfaces = process.Interfaces.Count > 1 ? process.Interfaces : defaults.Interfaces,
            TcpCongestion = given.Read<string?>(OptionTable.TcpCongestion, Values.CongestionControl, null),
            Algorithm = given.Read(OptionTable.Algo, Lists.Algorithm, defaults.Algorithm),
            AlgorithmTable = given.Read<AlgorithmRules?>(OptionTable.AlgoTable, AlgorithmFile.Read, null),
            Wait = given.Read(OptionTable.Wait, Lists.WaitMode, defaults.Wait),
            Protocol = given.Read(OptionTable.Proto, Lists.Protocol, defaults.Protocol),
            GraphLaunches = given.Has(OptionTable.Graph) && given.Text(OptionTable.Graph) is null
                ? 1
                : given.Read(OptionTable.Graph, Values.Whole(1, int.MaxValue), defaults.GraphLaunches),
            Aggregate = given.Read(OptionTable.Aggregate, Values.Whole(1, 1024), defaults.Aggregate),
            Register = given.Read(OptionTable.Register, Lists.Registration, defaults.Register),
            CtaPolicy = given.Read(OptionTable.CtaPolicy, Lists.CtaPolicy, defaults.CtaPolicy),
            Sync = given.Read(OptionTable.Sync, Lists.SyncMode, defaults.Sync),
            Topology = given.Has(OptionTable.Topology),
            TimeoutSeconds = given.Read(OptionTable.Timeout, Values.Timeout, defaults.TimeoutSeconds),
        };
    }

    private static OutputFormat FormatOf(GivenOptions given) =>
        given.Has(OptionTable.JsonStream) ? OutputFormat.JsonStream
        : given.Has(OptionTable.Json) ? OutputFormat.Json
        : given.Read(OptionTable.Format, Lists.OutputFormat, OutputFormat.Table);

    private static IReadOnlyList<Expectation> ReadExpectations(GivenOptions given)
    {
        Expectation[] all =
        [
            .. given.ReadAll<Expectation>(OptionTable.Expect, ExpectationText.Read),
            .. given.Read<IReadOnlyList<Expectation>>(OptionTable.ExpectFile, ExpectationText.ReadFile, []),
            .. given.Read<IReadOnlyList<Expectation>>(OptionTable.ExpectPreset, ExpectationPresets.Read, []),
        ];
        return all.Length == 0 ? new ConsoleOptions().Expectations : all;
    }

    private static ConsoleOptions ReadConsoleOptions(GivenOptions given) => new()
    {
        Format = FormatOf(given),
        Expectations = ReadExpectations(given),
        Output = given.Read<string?>(OptionTable.Output, Values.OutputFile, null),
        Verbose = given.Has(OptionTable.Verbose),
        ShowsTransport = given.Has(OptionTable.ShowTransport),
        Debug = given.Has(OptionTable.Debug),
        IntervalSeconds = given.Read(
            OptionTable.Interval, Values.SecondsOrZero, new ConsoleOptions().IntervalSeconds),
        TopologyFormat = given.Read(
            OptionTable.TopoFormat, Lists.TopologyFormat,
            given.Has(OptionTable.Topology) && FormatOf(given) == OutputFormat.Json
                ? TopologyFormat.Json
                : TopologyFormat.Matrix),
    };
}
