namespace Nperf.Core.Launchers;

/// <summary>
/// torchrun, and whatever else sets PyTorch's variables (<c>env://</c>). The variables:
/// https://docs.pytorch.org/docs/stable/elastic/run.html#environment-variables
/// </summary>
internal static class TorchrunLauncher
{
    private const string Rank = "RANK";
    private const string WorldSize = "WORLD_SIZE";
    private const string LocalRank = "LOCAL_RANK";
    private const string MasterAddress = "MASTER_ADDR";
    private const string MasterPort = "MASTER_PORT";
    private const string Agents = "GROUP_WORLD_SIZE";
    private const string AgentHasStore = "TORCHELASTIC_USE_AGENT_STORE";
    private const string Name = "torchrun";

    /// <summary>
    /// Only RANK differs from process to process: the others a batch script may export for programs of its own, so they count
    /// with RANK alone.
    /// </summary>
    public static Launched? Read(Variables variables)
    {
        if (variables[Rank] is null) return null;
        variables.RequireAll(Name, Rank, WorldSize, MasterAddress, MasterPort);
        (int process, int processes) = variables.Place(Rank, WorldSize);
        return new Launched
        {
            Launcher = Name,
            Process = process,
            Processes = processes,
            ServerHost = variables[MasterAddress],
            Port = PortOf(variables),
            Variables = variables.Set(Rank, WorldSize, MasterAddress, MasterPort, AgentHasStore),
            IsOneCopy = processes == 1 || (variables[Agents] is not null && variables.Number(Agents, from: 1) == 1),
        };
    }

    /// <summary>Where no launcher is whole: refuses what torchrun would have set, without RANK.</summary>
    public static void RefuseTheRest(Variables variables)
    {
        if (!variables.HasAny(WorldSize, LocalRank)) return;
        variables.RequireAll(Name, [Rank, WorldSize, MasterAddress, MasterPort, .. variables.Set(LocalRank)]);
    }

    /// <summary>The port is rank 0's own, unless torchrun listens on it itself, on the same host.</summary>
    private static int PortOf(Variables variables)
    {
        int port = variables.Port(MasterPort)!.Value;
        return variables[AgentHasStore] == "True" ? DerivedPort.From(port) : port;
    }
}
