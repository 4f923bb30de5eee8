using Nperf.Core.Machine;
using Nperf.Core.NcclBackend;
using Nperf.Core.Rendezvous;
using Nperf.Core.Tests.Rendezvous;

namespace Nperf.Core.Tests.NcclBackend;

/// <summary>Worlds and what their processes have.</summary>
internal static class Offers
{
    /// <summary>A GPU as a process numbers it; <paramref name="uuid"/> says which one it is.</summary>
    public static Gpu Gpu(int index, string uuid) => new(index, "A GPU", 80L << 30, $"0000:0{index}:00.0", uuid);

    /// <summary>A process that sees the GPUs <paramref name="uuids"/>, by its own numbers.</summary>
    public static NcclOffer Of(params string[] uuids) => new()
    {
        Missing = [],
        DriverLibrary = "/lib/libcuda.so.1",
        Library = "/lib/libnccl.so.2",
        Version = "2.28.9",
        Gpus = [.. uuids.Select((uuid, index) => Gpu(index, uuid))],
    };

    /// <summary>Processes with so many ranks each, on hosts of these names; processes of one name share a machine.</summary>
    public static World World(params (string Host, int Ranks)[] processes)
    {
        var infos = new List<ProcessInfo>();
        foreach ((string host, int ranks) in processes)
            infos.Add(PlannedProcess.Of(infos.Count, host, ranks, infos.Sum(info => info.RankCount)));
        return new World(infos);
    }
}
