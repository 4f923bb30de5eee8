using Nperf.Arguments;

namespace Nperf.Launch;

/// <summary>The options of <c>nperf launch</c> itself, in the order of its help text.</summary>
internal static class LaunchTable
{
    /// <summary>As many connections are made at a time where nothing is said; pdsh's.</summary>
    public const int DefaultJobs = 32;

    /// <summary>What connects where nothing is said.</summary>
    public const string DefaultSsh = "ssh";

    public static readonly OptionDefinition Hosts = Define(
        "--hosts", "LIST", "hosts with commas between, as ssh knows them: node1,user@node2,node[3-8],rack[1-2]n[01-16]");

    public static readonly OptionDefinition HostFile = Define(
        "--hostfile", "FILE", "a host a line; host:N brings N ranks (-g N), # begins a comment");

    public static readonly OptionDefinition Copy = Define(
        "--copy", null, "copy this nperf to hosts that have none, or another one");

    public static readonly OptionDefinition RemotePath = Define(
        "--remote-path", "PATH", "where nperf is on the hosts, or goes to with --copy",
        "in PATH, at the path that it has here, or in ~/.cache/nperf");

    public static readonly OptionDefinition ServerAddress = Define(
        "--server-address", "HOST", "what the other hosts know the first one by", "its name in the list");

    public static readonly OptionDefinition Ssh = Define(
        "--ssh", "COMMAND", "what connects, as sh reads it: 'ssh -p 2222 -i key'", DefaultSsh);

    public static readonly OptionDefinition Jobs = Define(
        "--jobs", "N", "most connections to make at a time", $"{DefaultJobs}");

    public static readonly OptionDefinition DryRun = Define(
        "--dry-run", null, "connect to nobody: print commands that do the same by hand");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
        [Hosts, HostFile, Copy, RemotePath, ServerAddress, Ssh, Jobs, DryRun, OptionTable.Help];

    private static OptionDefinition Define(string name, string? value, string help, string? fallback = null) =>
        new(name, null, value, OptionGroup.Launch, help, fallback);
}
