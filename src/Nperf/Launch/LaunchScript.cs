using System.Text;
using Nperf.Arguments;

namespace Nperf.Launch;

/// <summary>What <c>--dry-run</c> prints: a script for sh that does by hand what a launch does.</summary>
internal static class LaunchScript
{
    /// <summary>The script, with a line feed at the end of each line.</summary>
    /// <param name="options">The launch.</param>
    /// <param name="program">Where this program is.</param>
    /// <param name="hash">Its SHA-256.</param>
    public static string Build(LaunchOptions options, string program, string hash)
    {
        string path = options.RemotePath ?? (options.Copy ? HostCheck.CopyPath(hash) : program);
        var script = new StringBuilder();
        script.AppendLine($"# What nperf {LaunchLine.Word} adds: it compares nperf's SHA-256 on each host, hands over a token, gathers")
            .AppendLine("# errors by host, and leaves no process behind, however it ends.");
        if (options.Copy)
        {
            foreach (LaunchHost host in options.Hosts)
                script.AppendLine($"{SshCommand.ToType(host, options.Ssh, RemoteScripts.Take(path, hash))} <{ShellText.Word(program)} >/dev/null");
        }

        foreach ((OptionDefinition option, _) in Files(options)) script.AppendLine($"# The file of {option.Name} has to be on {options.Hosts[0].Name} then.");
        for (int i = 1; i < options.Hosts.Count; i++) script.AppendLine($"{Run(options, i, path)} </dev/null >/dev/null &");
        string output = options.Output is null ? "" : $" >{ShellText.Word(options.Output)}";
        script.AppendLine($"{Run(options, 0, path)} </dev/null{output}");
        return script.ToString();
    }

    private static IEnumerable<(OptionDefinition Option, string File)> Files(LaunchOptions options) =>
        RunWords.Files.Zip(options.Files).Where(one => one.Second is not null).Select(one => (one.First, one.Second!));

    private static string Run(LaunchOptions options, int host, string path)
    {
        // A ~ in quotes would be no home folder.
        bool isInHome = path.StartsWith("~/", StringComparison.Ordinal);
        string program = isInHome ? $"~/{ShellText.Word(path[2..])}" : ShellText.Word(path);
        string[] more = host > 0 ? [OptionTable.Interval.Name, "0"] : [.. Files(options).SelectMany(one => new[] { one.Option.Name, one.File })];
        string command = $"exec {program} {ShellText.Command([.. options.Run.Of(host), .. more])}".TrimEnd();
        return SshCommand.ToType(options.Hosts[host], options.Ssh, command);
    }
}
