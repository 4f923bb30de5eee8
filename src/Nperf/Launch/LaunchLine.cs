using Nperf.Arguments;

namespace Nperf.Launch;

/// <summary>The command line of <c>nperf launch</c>: its own options, and behind <c>--</c> those of the run.</summary>
internal static class LaunchLine
{
    /// <summary>The first word of such a command line.</summary>
    public const string Word = "launch";

    private const string Separator = "--";
    private const int MostJobs = 1024;

    /// <summary>With less patience a busy launcher would be taken for one that is gone; with more, nothing is gained.</summary>
    private const double LeastPatience = 5, MostPatience = 60;

    /// <summary>Reads <paramref name="args"/>, what follows the word. Never throws, prints nothing.</summary>
    /// <param name="args">The words.</param>
    /// <param name="environment">Where there may be a token.</param>
    public static ParsedCommand Parse(IReadOnlyList<string> args, IReadOnlyDictionary<string, string> environment)
    {
        string[] own = [.. args.TakeWhile(word => word != Separator)];
        var given = new GivenOptions(own, LaunchTable.All);
        var ofRun = new GivenOptions([.. args.Skip(own.Length + 1)], OptionTable.All);
        if (given.Has(OptionTable.Help)) return new ParsedCommand { Text = HelpText.Build(CommandTable.Launch) };

        IReadOnlyList<LaunchHost> hosts = ReadHosts(given);
        var run = new RunWords(ofRun, hosts, ReadServerAddress(given, hosts));
        LaunchOptions options = ReadOptions(given, hosts, run, [.. RunWords.Files.Select(ofRun.Text)]);
        given.ReportUnknownWords();
        ParsedCommand server = run.Check(environment);
        if (server.Text is not null) return server;
        string[] errors = [.. given.Errors, .. server.Errors];
        if (errors.Length > 0) return new ParsedCommand { Errors = errors };
        return new ParsedCommand
        {
            Launch = options with
            {
                Output = server.Console.Output,
                Token = server.Process.Token,
                PatienceSeconds = Math.Clamp(server.Run.TimeoutSeconds, LeastPatience, MostPatience),
            },
        };
    }

    private static IReadOnlyList<LaunchHost> ReadHosts(GivenOptions given)
    {
        var list = new HostList();
        Add(LaunchTable.Hosts, list.AddList);
        Add(LaunchTable.HostFile, list.AddFile);
        if (!given.Has(LaunchTable.Hosts) && !given.Has(LaunchTable.HostFile))
            given.Refuse(LaunchTable.Hosts, $"is missing: nperf {Word} --hosts node1,node2 (or --hostfile FILE)");
        return list.Hosts;

        void Add(OptionDefinition option, Func<string, string?> add)
        {
            if (!given.HasGood(option) || given.Text(option) is not { } text) return;
            if (add(text) is { } mistake) given.Refuse(option, $"'{text}' {mistake}");
        }
    }

    private static string ReadServerAddress(GivenOptions given, IReadOnlyList<LaunchHost> hosts)
    {
        (string? address, int? port) = given.Read<(string?, int?)>(LaunchTable.ServerAddress, HostAndPort.Read, default);
        if (port is not null) given.Refuse(LaunchTable.ServerAddress, "has a port; that of the server is -p, behind --");
        if (hosts.Count < 2 || given.Has(LaunchTable.ServerAddress)) return address ?? "";

        string name = hosts[0].Name;
        if (hosts[0].IsLoopback && !hosts.All(host => host.IsLoopback))
        {
            given.Refuse(
                LaunchTable.ServerAddress,
                $"is missing: {name} comes first, so it is the server's, and the other hosts would look for it on themselves");
        }
        else if (HostAndPort.Read(name, out _) is not null)
        {
            given.Refuse(LaunchTable.ServerAddress, $"is missing: {name}, the server's, is no name that other hosts could look up");
        }

        return name;
    }

    private static LaunchOptions ReadOptions(
        GivenOptions given, IReadOnlyList<LaunchHost> hosts, RunWords run, IReadOnlyList<string?> files)
    {
        string? path = given.Read<string?>(LaunchTable.RemotePath, RemotePath, null);
        if (path is not null && given.Has(LaunchTable.Copy) && !path.Contains('/'))
            given.Refuse(LaunchTable.RemotePath, $"'{path}' is no place to copy to; a path, for example ~/{path}");
        return new LaunchOptions
        {
            Hosts = hosts,
            Run = run,
            Files = files,
            Copy = given.Has(LaunchTable.Copy),
            RemotePath = path,
            Ssh = given.Read(LaunchTable.Ssh, SshCommand, LaunchTable.DefaultSsh),
            Jobs = given.Read(LaunchTable.Jobs, Values.Whole(1, MostJobs), LaunchTable.DefaultJobs),
            DryRun = given.Has(LaunchTable.DryRun),
        };
    }

    private static string? RemotePath(string text, out string? path)
    {
        path = text;
        if (text.Length == 0 || text.EndsWith('/')) return "is no file name";
        return text.Any(char.IsControl) ? "has a character in it that no host's shell is told" : null;
    }

    private static string? SshCommand(string text, out string command)
    {
        command = text;
        return string.IsNullOrWhiteSpace(text) ? "is no command; for example 'ssh -p 2222'" : null;
    }
}
