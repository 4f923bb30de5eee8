using Nperf.Arguments;
using Nperf.Core.Expectations;
using Nperf.Core.Launch;

namespace Nperf.Launch;

/// <summary>The options of the run, and the command line of nperf that each host gets of them.</summary>
/// <param name="given">What stands behind <c>--</c>.</param>
/// <param name="hosts">The hosts, the server's first.</param>
/// <param name="serverAddress">What the clients know the server's host by.</param>
internal sealed class RunWords(GivenOptions given, IReadOnlyList<LaunchHost> hosts, string serverAddress)
{
    /// <summary>Has the server write its results, and nothing else, to standard output.</summary>
    private const string StandardOutput = "/dev/stdout";

    private static readonly OptionDefinition[] ChosenByLaunch =
    [
        OptionTable.Local, OptionTable.Server, OptionTable.Client, OptionTable.Mpi, OptionTable.NcclBootstrap,
        OptionTable.Rank, OptionTable.WorldSize, OptionTable.NumGpus,
    ];

    /// <summary>What is each process's own: every host gets it. All else clients learn from the server.</summary>
    private static readonly OptionDefinition[] OfEveryHost =
    [
        OptionTable.RanksPerNode, OptionTable.RanksIn, OptionTable.Port, OptionTable.Interface, OptionTable.Timeout,
        OptionTable.NcclLib, OptionTable.Device, OptionTable.Debug,
    ];

    /// <summary>Those whose files the server's host is given.</summary>
    public static IReadOnlyList<OptionDefinition> Files { get; } =
        [.. Tether.FileOptions.Select(name => OptionTable.All.Single(option => option.Name == name))];

    /// <summary>What a launch reads and writes on this machine.</summary>
    private static readonly OptionDefinition[] OfThisMachine = [OptionTable.Output, .. Files, OptionTable.TokenFile, OptionTable.ExpectFile];

    /// <summary>What the clients know the server's host by.</summary>
    public string ServerAddress => serverAddress;

    /// <summary>One host has nobody to wait for.</summary>
    private bool IsLocal => hosts.Count == 1;

    /// <summary>The words of nperf on a host, without the program's name.</summary>
    /// <param name="host">Its place in the list; the server's is 0.</param>
    public string[] Of(int host)
    {
        string[] ranks = hosts[host].Ranks is { } number ? [OptionTable.RanksPerNode.Display, $"{number}"] : [];
        if (host > 0) return ["-c", serverAddress, .. WordsOf(OfEveryHost), .. ranks];
        string[] output = given.Has(OptionTable.Output) ? [OptionTable.Output.Display, StandardOutput] : [];
        return [.. ServerMode, .. WordsOf(OptionTable.All.Except(OfThisMachine)), .. Expectations, .. ranks, .. output];
    }

    /// <summary>The server's command line as read here, or all mistakes of the run's options.</summary>
    /// <param name="environment">Where there may be a token.</param>
    public ParsedCommand Check(IReadOnlyDictionary<string, string> environment)
    {
        foreach (OptionDefinition option in ChosenByLaunch)
        {
            if (!given.Has(option)) continue;
            given.Refuse(option, $"is chosen by nperf {LaunchLine.Word}: the first host has the server, each other one a client");
        }

        if (given.Text(OptionTable.Port) == "0") given.Refuse(OptionTable.Port, "'0' is a port that the clients would not know; name one");
        if (given.Has(OptionTable.RanksPerNode) && hosts.Any(host => host.Ranks is not null))
            given.Refuse(OptionTable.RanksPerNode, "is said by --hostfile for some hosts; choose one");
        foreach (OptionDefinition option in OptionTable.All.Except(OfThisMachine))
            if (given.Text(option)?.Any(char.IsControl) == true) given.Refuse(option, "has a character in it that no host's shell is told");
        given.ReportUnknownWords();
        ParsedCommand server = CommandLine.Parse([.. ServerMode, .. WordsOf(OptionTable.All.Except(ChosenByLaunch))], environment);
        string[] errors = [.. given.Errors.Concat(server.Errors).Distinct()];
        return errors.Length == 0 ? server : new ParsedCommand { Errors = errors };
    }

    /// <summary>The lines of the file, which the server's host does not have.</summary>
    private IEnumerable<string> Expectations => given.Read<IReadOnlyList<Expectation>>(OptionTable.ExpectFile, ExpectationText.ReadFile, [])
        .Select(one => $"{OptionTable.Expect.Name}={one.Text}");

    private string[] ServerMode => IsLocal ? ["--local"] : ["-s", "-n", $"{Math.Max(1, hosts.Count - 1)}"];

    private IEnumerable<string> WordsOf(IEnumerable<OptionDefinition> options) => options.SelectMany(given.Words);
}
