namespace Nperf.Chaos;

/// <summary>A way of starting a run.</summary>
/// <param name="Name">Its name on the command line and in the report.</param>
/// <param name="Roles">The kinds of process that a deed may be done to.</param>
/// <param name="Start">Starts its processes.</param>
internal sealed record Mode(string Name, IReadOnlyList<string> Roles, Action<Job> Start)
{
    public const string Server = "server", Client = "client", Member = "member", Only = "only", Launcher = "launcher",
        Tether = "tether", Rank = "rank";

    /// <summary>True where hosts have a network that can be cut.</summary>
    public bool HasNetwork { get; init; }

    /// <summary>True where ranks work on GPUs, which the stand-in pretends.</summary>
    public bool HasGpus { get; init; }

    /// <summary>What has to be on the machine.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>True where the launcher ends the others itself when a process of it is gone, without a word of nperf.</summary>
    public bool LauncherKills { get; init; }

    public static IReadOnlyList<Mode> All { get; } =
    [
        new("local", [Only, Member], job => job.Local("--backend host --ranks-in processes", job.Draw("", "--transport tcp"))),
        new("threads", [Only], job => job.Local("--backend host --ranks-in threads", job.Draw("", "--transport shm", "--transport tcp"))),
        new("socket-shm", [Server, Client], job => job.Socket("--backend host --transport shm")),
        new("socket-tcp", [Server, Client], job => job.Socket("--backend host --transport tcp")),
        new("socket-members", [Server, Client, Member], job => job.Socket("--backend host", "-g 2 --ranks-in processes")),
        new("socket-token", [Server, Client], job => job.Socket("--backend host", token: true)),
        new("nccl-local", [Only, Member], job => job.Local("--backend nccl", job.Draw("", "--ranks-in threads"), gpus: true)) { HasGpus = true, Needs = ["gcc"] },
        new("nccl-socket", [Server, Client, Member], job => job.Socket("--backend nccl", job.Draw("", "-g 2"), gpus: true)) { HasGpus = true, Needs = ["gcc"] },
        new("bootstrap", [Server, Client], job => job.Bootstrap()),
        new("launch", [Launcher, Tether, Server, Client], job => job.Launch()),
        new("hosts", [Server, Client], job => job.Hosts()) { HasNetwork = true, Needs = ["ip", "root"] },
        new("hosts-members", [Server, Client, Member], job => job.Hosts("-g 2 --ranks-in processes")) { HasNetwork = true, Needs = ["ip", "root"] },
        new("openmpi", [Launcher, Rank], job => job.OpenMpi()) { Needs = ["mpirun.openmpi"] },
        new("mpich", [Launcher, Rank], job => job.Mpich()) { Needs = ["mpirun.mpich"], LauncherKills = true },
    ];

    /// <summary>What is missing here for this mode, or null.</summary>
    public string? Missing()
    {
        foreach (string need in Needs)
        {
            if (need == "root" ? !Environment.IsPrivilegedProcess : Tools.Find(need) is null) return need;
        }

        return null;
    }
}
