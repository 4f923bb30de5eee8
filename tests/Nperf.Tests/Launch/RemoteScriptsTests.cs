using Nperf.Launch;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Launch;

public sealed class RemoteScriptsTests : IDisposable
{
    private const string HashOfHello = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [MemberData(nameof(Shells.Names), MemberType = typeof(Shells))]
    public void Every_login_shell_runs_them(string shell)
    {
        File.WriteAllText(_home.File("it's nperf"), "hello\n");
        HostReply reply = Ask(shell, RemoteScripts.Look(["no such program", "/no/such/file", "~/it's nperf", "bash"]));
        Assert.Matches("^Linux (x86_64|aarch64)$", reply.System);
        Assert.Equal(2, reply.Files.Count);
        Assert.Equal(new RemoteFile(_home.File("it's nperf"), HashOfHello, ""), reply.Files[0]);
        Assert.EndsWith("/bash", reply.Files[1].Path, StringComparison.Ordinal);
        Assert.Matches("^GNU bash", reply.Files[1].Version);
        Assert.Matches("^[0-9a-f]{64}$", reply.Files[1].Hash);
    }

    [Fact]
    public void A_copy_is_there_whole_or_not_at_all()
    {
        HostReply reply = Ask("sh", $"printf 'hello\\n' | {Wrapped(RemoteScripts.Take("~/a folder/nperf", HashOfHello))}");
        string path = _home.File("a folder/nperf");
        Assert.Equal(new RemoteFile(path, HashOfHello, ""), Assert.Single(reply.Files));
        Assert.Equal("hello\n", File.ReadAllText(path));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(path));

        using RunningProcess cut = RunningProcess.Start(
            "/bin/sh", ["-c", $"printf hel | {Wrapped(RemoteScripts.Take("~/a folder/nperf", HashOfHello))}"], environment: Environment());
        cut.ExpectExit(1);
        Assert.Equal("hello\n", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_home.File("a folder")));
    }

    [Fact]
    public void Busyboxs_tools_are_enough()
    {
        Requirements.Program("busybox", "busybox-static");
        string tools = Directory.CreateDirectory(_home.File("tools")).FullName;
        foreach (string tool in new[] { "sh", "uname", "sha256sum", "head", "cat", "chmod", "mv", "rm", "mkdir", "dirname" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), Requirements.Find("busybox")!);
        string copy = Wrapped(RemoteScripts.Take("~/nperf", HashOfHello));
        HostReply reply = HostReply.Of(Shells.Run("sh", $"printf 'hello\\n' | {copy}", Environment(tools)));
        Assert.Equal(new RemoteFile(_home.File("nperf"), HashOfHello, ""), Assert.Single(reply.Files));
        Assert.StartsWith("Linux ", HostReply.Of(Shells.Run("sh", RemoteScripts.Look(["sh"]), Environment(tools))).System, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_login_shell_prints_besides_is_no_reply()
    {
        HostReply reply = HostReply.Of("Welcome!\nnperf-hash x\nnperf-host Linux x86_64\nnperf-path /a b\nnperf-hash 12\nnperf-version nperf 1\nbye\n");
        Assert.Equal("Linux x86_64", reply.System);
        Assert.Equal(new RemoteFile("/a b", "12", "nperf 1"), Assert.Single(reply.Files));
        Assert.Null(HostReply.Of("Welcome!\n").System);
    }

    private HostReply Ask(string shell, string command) => HostReply.Of(Shells.Run(shell, command, Environment()));

    // As the right side of a pipe: exec ends only that.
    private static string Wrapped(string command) => $"( {command} )";

    private Dictionary<string, string?> Environment(string? path = null)
    {
        Dictionary<string, string?> environment = new() { ["HOME"] = _home.Path };
        if (path is not null) environment["PATH"] = path;
        return environment;
    }
}
