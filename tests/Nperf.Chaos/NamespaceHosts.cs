namespace Nperf.Chaos;

/// <summary>Three hosts on this machine: network namespaces on a bridge, each with an address and a name. Takes root.</summary>
internal sealed class NamespaceHosts : IDisposable
{
    public const int Count = 3;

    private static int _made;

    private readonly string _prefix = $"nperf-chaos-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";

    public NamespaceHosts()
    {
        Ip($"netns add {Switch}");
        Ip($"-n {Switch} link add bridge type bridge");
        Ip($"-n {Switch} link set bridge up");
        for (int host = 1; host <= Count; host++)
        {
            Ip($"netns add {Name(host)}");
            Ip($"-n {Switch} link add port{host} type veth peer name eth0 netns {Name(host)}");
            Ip($"-n {Switch} link set port{host} master bridge up");
            Ip($"-n {Name(host)} address add 10.99.0.{host}/24 dev eth0");
            Ip($"-n {Name(host)} link set eth0 up");
            Ip($"-n {Name(host)} link set lo up");
            Directory.CreateDirectory($"/etc/netns/{Name(host)}");
            File.WriteAllLines(
                $"/etc/netns/{Name(host)}/hosts",
                Enumerable.Range(1, Count).Select(other => $"10.99.0.{other} node{other}").Append("127.0.0.1 localhost"));
        }
    }

    private string Switch => $"{_prefix}-switch";

    /// <summary>The command that has <paramref name="words"/> run on a host; each program becomes the next.</summary>
    public string[] On(int host, IEnumerable<string> words) =>
    [
        Tools.Find("ip")!, "netns", "exec", Name(host), "unshare", "--uts", "sh", "-c",
        "echo \"$0\" >/proc/sys/kernel/hostname && exec \"$@\"", $"node{host}", .. words,
    ];

    /// <summary>Takes a host off the network: by its switch, without its knowing; its cable; its own interface.</summary>
    public string Cut(int host, double how)
    {
        string command = how switch
        {
            < 0.34 => $"-n {Switch} link set port{host} nomaster",
            < 0.67 => $"-n {Switch} link set port{host} down",
            _ => $"-n {Name(host)} link set eth0 down",
        };
        Ip(command);
        return command;
    }

    /// <summary>Makes the network whole again.</summary>
    public void Mend()
    {
        for (int host = 1; host <= Count; host++)
        {
            Ip($"-n {Switch} link set port{host} master bridge up");
            Ip($"-n {Name(host)} link set eth0 up");
        }
    }

    /// <summary>The sockets that still listen on a host.</summary>
    public IEnumerable<string> Listening() => Enumerable.Range(1, Count).SelectMany(host =>
        Tools.Run("ip", "netns", "exec", Name(host), "cat", "/proc/net/tcp", "/proc/net/tcp6").Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 3 && fields[3] == "0A").Select(fields => $"node{host} {fields[1]}"));

    public void Dispose()
    {
        for (int host = 1; host <= Count; host++)
        {
            Ip($"netns delete {Name(host)}");
            Directory.Delete($"/etc/netns/{Name(host)}", recursive: true);
        }

        Ip($"netns delete {Switch}");
    }

    private string Name(int host) => $"{_prefix}-node{host}";

    private static void Ip(string arguments) => Tools.Run("ip", arguments.Split(' '));
}
