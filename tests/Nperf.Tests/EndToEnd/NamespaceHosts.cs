using System.Diagnostics;
using System.Globalization;

namespace Nperf.Tests.EndToEnd;

/// <summary>
/// Hosts on one machine: network namespaces on a bridge, each with an address, a host name and the names of all in its
/// <c>/etc/hosts</c>. Host 1 is <c>node1</c>, which is also <c>server</c> and <c>server.example.com</c>.
/// </summary>
internal sealed class NamespaceHosts : IDisposable
{
    private static int _made;

    private readonly string _prefix = $"nperf-test-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";
    private readonly List<string> _namespaces = [];

    /// <summary>Makes the hosts, or skips the test where that is not allowed.</summary>
    public NamespaceHosts(int count)
    {
        Requirements.Root();
        Requirements.Program("ip", "iproute2");
        Requirements.Program("unshare", "util-linux");
        try
        {
            string bridge = Add("switch");
            Ip($"-n {bridge} link add bridge type bridge");
            Ip($"-n {bridge} link set bridge up");
            for (int host = 1; host <= count; host++) AddHost(host, count, bridge);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Starts a program on a host, in the repository's root.</summary>
    public RunningProcess Start(
        int host, string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // Each of these becomes the next: the process that was started is the program.
        const string SetHostName = "echo \"$0\" >/proc/sys/kernel/hostname && exec \"$@\"";
        return RunningProcess.Start(
            Requirements.Find("ip")!,
            ["netns", "exec", Name(host), "unshare", "--uts", "sh", "-c", SetHostName, $"node{host}", file, .. arguments],
            NperfBinary.Root,
            environment);
    }

    /// <summary>Starts nperf on a host with a command line as one would type it.</summary>
    public RunningProcess Start(int host, string commandLine)
    {
        string[] words = NperfBinary.Split(commandLine);
        return Start(host, words[0], words[1..]);
    }

    /// <summary>Gives a host one more name, which all of them know from now on.</summary>
    public void AddName(int host, string name)
    {
        foreach (string hosts in _namespaces.Select(HostsFile).Where(File.Exists))
            File.AppendAllText(hosts, $"10.99.0.{host} {name}\n");
    }

    /// <summary>Gives all hosts up to <paramref name="last"/> a second network, with 10.98.0.HOST on eth1.</summary>
    public void AddSecondNetwork(int last)
    {
        string bridge = $"{_prefix}-switch";
        Ip($"-n {bridge} link add second type bridge");
        Ip($"-n {bridge} link set second up");
        for (int host = 1; host <= last; host++)
        {
            Ip($"-n {bridge} link add second{host} type veth peer name eth1 netns {Name(host)}");
            Ip($"-n {bridge} link set second{host} master second up");
            Ip($"-n {Name(host)} address add 10.98.0.{host}/24 dev eth1");
            Ip($"-n {Name(host)} link set eth1 up");
        }
    }

    /// <summary>Bytes that a host has received by an interface.</summary>
    public long BytesReceived(int host, string networkInterface)
    {
        using RunningProcess cat = Start(host, "cat", [$"/sys/class/net/{networkInterface}/statistics/rx_bytes"]);
        cat.ExpectSuccess();
        return long.Parse(cat.Output.Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Limits what a host sends and what it receives to so many Mbit/s; skips the test where the kernel has no tbf.</summary>
    public void LimitRate(int host, int megabits)
    {
        Requirements.Program("tc", "iproute2");
        string limit = $"root tbf rate {megabits}mbit burst 32kb latency 20ms";
        foreach (string device in new[] { $"-n {Name(host)} qdisc replace dev eth0", $"-n {_prefix}-switch qdisc replace dev port{host}" })
        {
            using RunningProcess tc = RunningProcess.Start(Requirements.Find("tc")!, NperfBinary.Split($"{device} {limit}"));
            Assert.SkipUnless(tc.WaitForExit() == 0, $"rates cannot be limited here: {tc.Errors.Trim()}");
        }
    }

    /// <summary>Takes a host off the network without telling it: its interface stays up.</summary>
    public void Unplug(int host) => Ip($"-n {_prefix}-switch link set port{host} nomaster");

    /// <summary>Has a host know its own name as a loopback address, as Debian does.</summary>
    public void NameOnLoopback(int host)
    {
        string file = $"/etc/netns/{Name(host)}/hosts";
        string others = File.ReadAllText(file).Replace($" node{host}\n", " itself\n", StringComparison.Ordinal);
        File.WriteAllText(file, $"127.0.1.1 node{host}\n{others}");
    }

    /// <summary>Gives a host a network of its own: it reaches the others by a route.</summary>
    public void MakeNetworkOfItsOwn(int host)
    {
        Ip($"-n {Name(host)} address flush dev eth0");
        Ip($"-n {Name(host)} address add 10.99.0.{host}/32 dev eth0");
        Ip($"-n {Name(host)} route add 10.99.0.0/24 dev eth0");
    }

    /// <summary>Has what is started on a host from now on find this text in a file of <c>/etc</c> that is there already.</summary>
    public void WriteEtc(int host, string file, string text) => File.WriteAllText($"/etc/netns/{Name(host)}/{file}", text);

    public void Dispose()
    {
        foreach (string name in _namespaces)
        {
            EndProcesses(name);
            Ip($"netns delete {name}");
            if (Directory.Exists($"/etc/netns/{name}")) Directory.Delete($"/etc/netns/{name}", recursive: true);
        }
    }

    private static string HostsFile(string name) => $"/etc/netns/{name}/hosts";

    private string Name(int host) => $"{_prefix}-node{host}";

    private void AddHost(int host, int count, string bridge)
    {
        string name = Add($"node{host}");
        Ip($"-n {bridge} link add port{host} type veth peer name eth0 netns {name}");
        Ip($"-n {bridge} link set port{host} master bridge up");
        Ip($"-n {name} address add 10.99.0.{host}/24 dev eth0");
        Ip($"-n {name} link set eth0 up");
        Ip($"-n {name} link set lo up");

        Directory.CreateDirectory($"/etc/netns/{name}");
        File.WriteAllLines(
            HostsFile(name),
            Enumerable.Range(1, count).Select(other => $"10.99.0.{other} node{other}")
                .Append("10.99.0.1 server server.example.com").Append("127.0.0.1 localhost"));
    }

    private string Add(string host)
    {
        string name = $"{_prefix}-{host}";
        using RunningProcess ip = RunningProcess.Start(Requirements.Find("ip")!, ["netns", "add", name]);
        Assert.SkipUnless(ip.WaitForExit() == 0, $"network namespaces cannot be made here: {ip.Errors.Trim()}");
        _namespaces.Add(name);
        return name;
    }

    /// <summary>What was started by ssh belongs to no process of the test: the namespace knows it.</summary>
    private static void EndProcesses(string name)
    {
        using RunningProcess pids = RunningProcess.Start(Requirements.Find("ip")!, ["netns", "pids", name]);
        pids.ExpectSuccess();
        foreach (string pid in pids.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using Process process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended by itself.
            }
        }
    }

    private static void Ip(string arguments)
    {
        using RunningProcess ip = RunningProcess.Start(Requirements.Find("ip")!, NperfBinary.Split(arguments));
        ip.ExpectSuccess();
    }
}
