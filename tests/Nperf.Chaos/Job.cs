using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Nperf.Chaos;

/// <summary>The processes of one run, in surroundings of their own: a port, a folder, a $TMPDIR, a /dev/shm.</summary>
internal sealed class Job : IDisposable
{
    private readonly Bench _bench;
    private readonly Random _random;
    private readonly NamespaceHosts? _hosts;
    private readonly Dictionary<string, string> _environment;
    private readonly List<(Head Head, int Host)> _heads = [];
    private readonly string _memory;
    private readonly List<SafeFileHandle> _namespaces = [];
    private Task _later = Task.CompletedTask;

    public Job(Bench bench, RunPlan plan, NamespaceHosts? hosts)
    {
        (_bench, _random, _hosts) = (bench, plan.Random, hosts);
        Folder = Directory.CreateDirectory(Path.Combine(bench.Folder, $"run{plan.Number}")).FullName;
        Temporary = Directory.CreateDirectory(Path.Combine(Folder, "tmp")).FullName;
        _memory = Directory.CreateDirectory(Path.Combine(bench.Memory, $"run{plan.Number}")).FullName;
        Mark = $"{Environment.ProcessId}-{plan.Number}";
        Port = Tools.TakePort();
        Work = Workload.Draw(_random, plan.Mode.HasGpus);
        ToFile = _random.Next(2) == 0;
        _environment = new Dictionary<string, string> { [ProcessTable.Variable] = Mark, ["TMPDIR"] = Temporary };
        StartedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>What all its processes have in their environment.</summary>
    public string Mark { get; }

    public string Folder { get; }

    public string Temporary { get; }

    public int Port { get; }

    public Workload Work { get; }

    /// <summary>The document goes to a file; else to standard output.</summary>
    public bool ToFile { get; }

    public string ResultsFile => Path.Combine(Folder, "results.json");

    public long StartedAt { get; }

    /// <summary>What its launcher itself takes to end, on top.</summary>
    public TimeSpan LauncherTime { get; private set; }

    /// <summary>Released when a line has come.</summary>
    public AutoResetEvent Changed { get; } = new(false);

    public IReadOnlyList<Head> Heads
    {
        get
        {
            lock (_heads) return [.. _heads.Select(entry => entry.Head)];
        }
    }

    /// <summary>The command that writes the document.</summary>
    public Head? Writer => Heads.FirstOrDefault(head => head.Label is Mode.Server or Mode.Only or Mode.Launcher);

    public string Draw(params string[] choices) => choices[_random.Next(choices.Length)];

    /// <summary>Names left in its /dev/shm.</summary>
    public IEnumerable<string> Memory() => Directory.EnumerateFileSystemEntries(_memory).Select(path => Path.GetFileName(path));

    /// <summary>The host of a head of a network, from 1 on.</summary>
    public int HostOf(Head head)
    {
        lock (_heads) return _heads.First(entry => entry.Head == head).Host;
    }

    public void Local(string options, string more, bool gpus = false) =>
        Start(Mode.Only, 0, $"-n {(gpus ? 2 : _random.Next(2, 5))} {options} {more} {Output} {Run}", gpus);

    public void Socket(string options, string ranks = "", bool gpus = false, bool token = false)
    {
        if (token) _environment["NPERF_TOKEN"] = "a token that nobody guesses";
        var starts = new List<Action> { () => Start(Mode.Server, 0, $"-s -n 2 -p {Port} {ranks} {options} {Output} {Run}", gpus) };
        for (int client = 1; client <= 2; client++)
        {
            string label = $"{Mode.Client} {client}", more = Draw("", "-g 2");
            if (ranks.Length > 0) more = ranks;
            starts.Add(() => Start(label, 0, $"-c 127.0.0.1:{Port} {more} --timeout {_bench.Options.Timeout} --interval 0.05", gpus));
        }

        InSomeOrder(starts);
    }

    public void Bootstrap()
    {
        _environment["NCCL_COMM_ID"] = $"127.0.0.1:{Port}";
        InSomeOrder([.. Enumerable.Range(0, 3).Select(rank => new Action(() => Start(
            rank == 0 ? Mode.Server : $"{Mode.Client} {rank}", 0,
            $"--nccl-bootstrap --rank {rank} --world-size 3 --backend host {(rank == 0 ? Output : "")} {Run}")))]);
    }

    public void Launch() => Start(
        Mode.Launcher, 0,
        $"launch --hosts 127.0.0.1,localhost,127.0.0.2 --ssh {_bench.Ssh} --remote-path {_bench.Options.Binary} -- "
        + $"-p {Port} --backend host {Output} {Run}");

    public void Hosts(string ranks = "") => InSomeOrder([.. Enumerable.Range(1, NamespaceHosts.Count).Select(host => new Action(() =>
    {
        if (host == 1) Start(Mode.Server, host, $"-s -n 2 -p {Port} --backend host {ranks} {Output} {Run}");
        else Start($"{Mode.Client} {host - 1}", host, $"-c node1:{Port} {ranks} --timeout {_bench.Options.Timeout} --interval 0.05");
    }))]);

    // Open MPI gives what it tells to end one second, which a busy machine may need for less. It waits for all of it.
    public void OpenMpi()
    {
        LauncherTime = TimeSpan.FromSeconds(5);
        StartWords(Mode.Launcher, 0,
        [
            .. "mpirun.openmpi --allow-run-as-root --oversubscribe --mca oob_tcp_if_include lo --mca btl vader,self --mca pml ob1".Split(' '),
            .. "--mca odls_base_sigkill_timeout 5 -np 3".Split(' '), _bench.Options.Binary, "--mpi", .. Words($"--backend host {Output} {Run}"),
        ]);
    }

    public void Mpich() => StartWords(
        Mode.Launcher, 0, ["mpirun.mpich", "-np", "3", _bench.Options.Binary, "--mpi", .. Words($"--backend host {Output} {Run}")]);

    /// <summary>Takes the host of <paramref name="head"/> off the network; what was done.</summary>
    public string Cut(Head head, double how) => _hosts!.Cut(HostOf(head), how);

    /// <summary>Sockets that still listen for its processes.</summary>
    public IEnumerable<string> Listening() =>
        _hosts is null ? new[] { Port, Port + 1 }.Where(port => !Tools.IsFree(port)).Select(port => $"port {port}") : _hosts.Listening();

    /// <summary>
    /// Holds the mounts of these processes until the run has been judged: to take them down, which the last process would
    /// have to at its end, can take seconds where many do so.
    /// </summary>
    public void KeepNamespaces(IEnumerable<ProcessId> processes)
    {
        foreach (ProcessId process in processes)
        {
            try
            {
                _namespaces.Add(File.OpenHandle($"/proc/{process.Number}/ns/mnt"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }
        }
    }

    public void Dispose()
    {
        foreach (SafeFileHandle handle in _namespaces) handle.Dispose();
        Directory.Delete(_memory, recursive: true);
        Directory.Delete(Folder, recursive: true);
    }

    private string Run => $"{Work.Options} --timeout {_bench.Options.Timeout} --interval 0.05";

    private string Output => ToFile ? $"-J -o {ResultsFile}" : "-J";

    /// <summary>One after the other, the last one sometimes late, so that the others wait for it.</summary>
    private void InSomeOrder(List<Action> starts)
    {
        Action[] order = [.. starts];
        _random.Shuffle(order);
        bool isLate = _random.Next(4) == 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (i < order.Length - 1 || !isLate)
            {
                order[i]();
                continue;
            }

            Action last = order[i];
            _later = Task.Delay(_random.Next(100, 500)).ContinueWith(_ => last(), TaskScheduler.Default);
        }
    }

    /// <summary>Waits until all that is to be started is started.</summary>
    public void WaitForStarts() => _later.Wait();

    private void Start(string label, int host, string arguments, bool gpus = false)
    {
        if (gpus)
        {
            _environment["NPERF_CUDA_LIB"] = _environment["NPERF_NVML_LIB"] = _bench.GpuLibrary;
            _environment["STANDIN_GPUS"] = "8";
            _environment["STANDIN_FOLDER"] = Directory.CreateDirectory(Path.Combine(Folder, "gpus")).FullName;
            arguments += $" --nccl-lib {_bench.GpuLibrary}";
        }

        StartWords(label, host, [_bench.Options.Binary, .. Words(arguments)]);
    }

    // Each program becomes the next, the last one nperf, with signals as a shell hands them on and its own /dev/shm.
    private void StartWords(string label, int host, string[] words)
    {
        string[] own =
        [
            .. Environment.IsPrivilegedProcess ? ["unshare", "--mount"] : new[] { "unshare", "--map-root-user", "--mount" },
            "sh", "-c", "mount --bind \"$0\" /dev/shm && exec env --default-signal=INT,TERM,HUP \"$@\"", _memory, .. words,
        ];
        string[] all = host == 0 ? own : _hosts!.On(host, own);
        lock (_heads) _heads.Add((Head.Start(label, all, _environment, Folder, () => Changed.Set()), host));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
