using System.Diagnostics;

namespace Nperf.Tests.EndToEnd;

/// <summary>
/// Slurm on hosts of its own: slurmctld and munged on the first, a slurmd on each. Started by the first test that asks for
/// it; whatever runs on the hosts ends with it.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    public const int Nodes = 3;

    private const double StartSeconds = 120;

    private readonly List<RunningProcess> _daemons = [];
    private DirectoryInfo? _folder;
    private NamespaceHosts? _hosts;

    /// <summary>Starts a command of Slurm on the first host, in the repository's root; the test is skipped where there is no Slurm.</summary>
    internal RunningProcess Start(string command, params IEnumerable<string> arguments)
    {
        StartDaemons();
        return Run(1, command, [.. arguments]);
    }

    /// <summary>A file in a folder of the cluster, which all hosts see.</summary>
    internal string File(string name) => Path.Combine(_folder!.FullName, name);

    public void Dispose()
    {
        _daemons.ForEach(daemon => daemon.Dispose());
        _daemons.Clear();
        _hosts?.Dispose();
        _folder?.Delete(recursive: true);
        (_hosts, _folder) = (null, null);
    }

    private void StartDaemons()
    {
        foreach (string program in new[] { "slurmctld", "slurmd", "srun", "sbatch", "sinfo" })
            Requirements.Program(program, "slurm-wlm");
        Requirements.Program("munged", "munge");
        if (_hosts is not null) return;
        // Neither Slurm nor munge takes a path with a space in it.
        _folder = Directory.CreateTempSubdirectory("nperf-slurm-");
        System.IO.File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        try
        {
            _hosts = new NamespaceHosts(Nodes);
            WriteConfiguration();
            StartDaemon(1, "munged", "created socket", [
                "--foreground", $"--key-file={File("munge.key")}", $"--socket={File("munge.socket")}",
                $"--pid-file={File("munged.pid")}", $"--log-file={File("munged.log")}", $"--seed-file={File("munge.seed")}"]);
            StartDaemon(1, "slurmctld", "running as primary controller", ["-D", "-f", File("slurm.conf")]);
            for (int host = 1; host <= Nodes; host++)
                StartDaemon(host, "slurmd", "slurmd started", ["-D", "-f", File("slurm.conf")]);
            WaitForNodes();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void WriteConfiguration()
    {
        byte[] key = new byte[128];
        Random.Shared.NextBytes(key);
        System.IO.File.WriteAllBytes(File("munge.key"), key);
        System.IO.File.SetUnixFileMode(File("munge.key"), UnixFileMode.UserRead);
        System.IO.File.WriteAllText(File("plugstack.conf"), "");
        // Nothing here uses control groups; left to itself slurmd looks for them, and a host has none mounted.
        System.IO.File.WriteAllText(File("cgroup.conf"), "CgroupPlugin=cgroup/v1\n");
        // Files that stand for GPUs: slurmd counts them, and nothing opens them.
        foreach (int gpu in Enumerable.Range(0, 8)) System.IO.File.WriteAllText(File($"gpu{gpu}"), "");
        System.IO.File.WriteAllText(File("gres.conf"), $"Name=gpu File={File("gpu[0-7]")}\n");
        Directory.CreateDirectory(File("state"));
        Directory.CreateDirectory(File("spool"));
        System.IO.File.WriteAllText(File("slurm.conf"), $"""
            ClusterName=nperf
            SlurmctldHost=node1
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket={File("munge.socket")}
            CredType=cred/munge
            StateSaveLocation={File("state")}
            SlurmdSpoolDir={File("spool")}/%n
            SlurmctldPidFile={File("slurmctld.pid")}
            SlurmdPidFile={File("slurmd.%n.pid")}
            PlugStackConfig={File("plugstack.conf")}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            JobAcctGatherType=jobacct_gather/none
            SwitchType=switch/none
            MpiDefault=none
            ReturnToService=2
            MessageTimeout=100
            BatchStartTimeout=120
            SlurmdParameters=config_overrides
            GresTypes=gpu
            NodeName=node[1-{Nodes}] CPUs=4 Gres=gpu:8
            PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """);
    }

    private void StartDaemon(int host, string program, string started, string[] arguments)
    {
        RunningProcess daemon = Run(host, program, arguments);
        _daemons.Add(daemon);
        daemon.WaitForLine(started, StartSeconds);
    }

    private void WaitForNodes()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using RunningProcess sinfo = Run(1, "sinfo", ["--noheader", "--format=%T %D"]);
            sinfo.ExpectSuccess(StartSeconds);
            if (sinfo.Output.Trim() == $"idle {Nodes}") return;
            Assert.True(
                waited.Elapsed.TotalSeconds < StartSeconds,
                $"{sinfo.Output}\n{string.Join('\n', _daemons.Select(daemon => daemon.Describe()))}");
        }
    }

    private RunningProcess Run(int host, string program, IEnumerable<string> arguments) => _hosts!.Start(
        host, Requirements.Find(program)!, arguments, new Dictionary<string, string?> { ["SLURM_CONF"] = File("slurm.conf") });
}
