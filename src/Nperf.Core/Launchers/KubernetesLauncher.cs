namespace Nperf.Core.Launchers;

/// <summary>
/// A pod of an indexed Job: https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/. Kubernetes sets the
/// index alone; how many pods there are and the name of pod 0 the manifest has to say, as PyTorch's operators do.
/// </summary>
internal static class KubernetesLauncher
{
    private const string Index = "JOB_COMPLETION_INDEX";
    private const string WorldSize = "WORLD_SIZE";
    private const string MasterAddress = "MASTER_ADDR";
    private const string MasterPort = "MASTER_PORT";

    public static Launched? Read(Variables variables)
    {
        if (variables[Index] is null) return null;
        variables.RequireAll("an indexed Job", Index, WorldSize, MasterAddress);
        (int process, int processes) = variables.Place(Index, WorldSize);
        return new Launched
        {
            Launcher = "Kubernetes",
            Process = process,
            Processes = processes,
            ServerHost = variables[MasterAddress],
            Port = variables.Port(MasterPort),
            Variables = variables.Set(Index, WorldSize, MasterAddress, MasterPort),
            IsOneCopy = processes == 1,
        };
    }
}
