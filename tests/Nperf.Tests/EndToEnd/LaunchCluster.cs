namespace Nperf.Tests.EndToEnd;

/// <summary>
/// Hosts with ssh daemons, for <c>nperf launch</c> on the first of them. root has a home of its own on each, and a login
/// shell, which greets whoever comes.
/// </summary>
internal sealed class LaunchCluster : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NamespaceHosts _hosts;
    private readonly SshDaemons _daemons = null!;
    private readonly string _binary = NperfBinary.NativePath();

    /// <summary>Makes a host for each of <paramref name="shells"/>, programs or applets of busybox.</summary>
    public LaunchCluster(params string[] shells)
    {
        _hosts = new NamespaceHosts(shells.Length);
        try
        {
            for (int host = 1; host <= shells.Length; host++) AddUser(host, shells[host - 1]);
            _daemons = new SshDaemons(_hosts, shells.Length);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>root's home on a host.</summary>
    public string Home(int host) => _folder.File($"home {host}");

    /// <summary>A file of the launcher.</summary>
    public string File(string name) => _folder.File(name);

    /// <summary>Starts <c>nperf launch</c> on the first host: options separated by spaces, then words as they are.</summary>
    public RunningProcess Launch(string options, params string[] words) => Start([_binary], options, words);

    /// <summary>The same in a process group of its own, as a shell does it for its user.</summary>
    public RunningProcess LaunchAsJob(string options, params string[] words) => Start(["setsid", _binary], options, words);

    /// <summary>The same with a binary that no other host sees.</summary>
    public RunningProcess LaunchFromElsewhere(string options)
    {
        const string Hide = "mount -t tmpfs none /mnt && cp \"$0\" /mnt/nperf && exec /mnt/nperf \"$@\"";
        return Start(["unshare", "--mount", "sh", "-c", Hide, _binary], options, []);
    }

    /// <summary>Runs a script on the first host.</summary>
    public RunningProcess RunScript(string script) => _hosts.Start(1, "sh", ["-c", script]);

    /// <summary>Takes the launcher's host off the network.</summary>
    public void Unplug() => _hosts.Unplug(1);

    /// <summary>The processes of nperf on a host, once there are two: the one that is tied to ssh, and the one that it ties.</summary>
    public int[] Processes(int host)
    {
        string? network = NetworkOf(_daemons.IdOf(host));
        int[] found = [];
        Assert.True(
            SpinWait.SpinUntil(() => (found = Find(network)).Length == 2, TimeSpan.FromSeconds(120)), $"{found.Length} processes on node{host}");
        return found;
    }

    public void Dispose()
    {
        _daemons?.Dispose();
        _hosts.Dispose();
        _folder.Dispose();
    }

    private RunningProcess Start(string[] program, string options, string[] words) => _hosts.Start(
        1, program[0], [.. program[1..], "launch", "--ssh", _daemons.Command, .. NperfBinary.Split(options), .. words]);

    private void AddUser(int host, string shell)
    {
        Directory.CreateDirectory(Home(host));
        foreach (string startUp in new[] { ".bashrc", ".zshenv", ".tcshrc", ".config/fish/config.fish" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Home(host), startUp))!);
            System.IO.File.WriteAllText(Path.Combine(Home(host), startUp), "echo Welcome\n");
        }

        IEnumerable<string> others = System.IO.File.ReadLines("/etc/passwd").Where(line => !line.StartsWith("root:", StringComparison.Ordinal));
        _hosts.WriteEtc(host, "passwd", $"root:x:0:0:root:{Home(host)}:{PathOf(shell)}\n{string.Concat(others.Select(line => line + "\n"))}");

        // Nobody is asked for the names that are not in a file: there is nobody to answer.
        _hosts.WriteEtc(host, "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
    }

    private string PathOf(string shell)
    {
        if (shell != "ash")
        {
            Requirements.Program(shell, shell);
            return Requirements.Find(shell)!;
        }

        Requirements.Program("busybox", "busybox-static");
        System.IO.File.CreateSymbolicLink(File(shell), Requirements.Find("busybox")!);
        return File(shell);
    }

    private static int[] Find(string? network) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out int id) ? id : 0)
            .Where(id => id > 0 && IsNperf(id) && NetworkOf(id) == network)
            .Order(),
    ];

    // The launcher runs on the first host as well.
    private static bool IsNperf(int process)
    {
        try
        {
            return Path.GetFileName(LinkAt(process, "exe"))?.StartsWith("nperf", StringComparison.Ordinal) == true
                && !System.IO.File.ReadAllText($"/proc/{process}/cmdline").Contains("\0launch\0", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string? NetworkOf(int process) => LinkAt(process, "ns/net");

    private static string? LinkAt(int process, string name)
    {
        try
        {
            return new FileInfo($"/proc/{process}/{name}").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
