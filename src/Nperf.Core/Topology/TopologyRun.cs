using System.Text.Json;
using Nperf.Core.NcclBackend;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core.Topology;

/// <summary>Shows the server every host's topology.</summary>
internal static class TopologyRun
{
    private const string Step = "topology";

    /// <summary>
    /// Collective over the processes: one of each host looks at it. Returns every host's topology, in the order of the
    /// processes, on the server and nothing on a client.
    /// </summary>
    /// <exception cref="RunException">A process was lost, or sent what is no topology.</exception>
    public static IReadOnlyList<HostTopology> Gather(Control control) => Gather(control, HostTopologyReader.Read);

    /// <summary>The same, with what <paramref name="read"/> says of a host of that name.</summary>
    internal static IReadOnlyList<HostTopology> Gather(Control control, Func<string, HostTopology> read)
    {
        ProcessInfo self = control.Self;
        byte[] own = Speaker(control.World, self) == self.Index
            ? JsonSerializer.SerializeToUtf8Bytes(Read(control, read), TopologyJson.Default.HostTopology)
            : [];
        byte[][] all = control.Gather(own, Step) ?? [];
        return [.. all.Zip(control.World.Processes)
            .Where(pair => pair.First.Length > 0)
            .Select(pair => Parse(pair.First, pair.Second))];
    }

    /// <summary>A driver, or NVML, that is ill may never answer.</summary>
    private static HostTopology Read(Control control, Func<string, HostTopology> read)
    {
        ProcessInfo self = control.Self;
        double seconds = control.Options.TimeoutSeconds;
        return NativeCall.Within(() => read(self.Host), seconds, control.AbortSignal, () => new RunException(new Failure(
            FailureKind.Timeout, $"the CUDA driver or NVML of {self.Host} did not tell its topology within {seconds:0.###} s")
        {
            Rank = self.FirstRank,
            Host = self.Host,
            Step = Step,
        }));
    }

    // Containers of one machine have names of their own, and may have other GPUs: hosts of their own.
    private static int Speaker(World world, ProcessInfo self) =>
        world.OnMachineOf(self).First(process => process.Host == self.Host).Index;

    /// <summary>What <paramref name="process"/> sent of its host.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    internal static HostTopology Parse(ReadOnlySpan<byte> json, ProcessInfo process)
    {
        try
        {
            HostTopology? topology = JsonSerializer.Deserialize(json, TopologyJson.Default.HostTopology);
            if (topology is not null && IsWhole(topology)) return topology;
        }
        catch (JsonException)
        {
            // Said below.
        }

        string message = $"rank {process.FirstRank} on {process.Host} sent no topology";
        throw new RunException(new Failure(FailureKind.Error, message)
        {
            Rank = process.FirstRank,
            Host = process.Host,
            Step = Step,
        });
    }

    // What the form of the JSON does not say: no name is missing, and the matrix is as large as it has to be.
    private static bool IsWhole(HostTopology topology) =>
        topology.Devices.Count == topology.Gpus.Count + topology.Nics.Count
        && topology.Matrix.Count == topology.Devices.Count
        && topology.Matrix.All(row => row?.Count == topology.Devices.Count && row.All(cell => cell is not null))
        && topology.Devices.All(name => name is not null)
        && topology.Notes.All(note => note is not null)
        && topology.Gpus.All(gpu => gpu is not null)
        && topology.Links.All(link => link is not null && IsNumber(link.Bandwidth))
        && topology.NumaNodes.All(node => node is not null)
        && topology.Nics.All(nic => nic is not null && IsNumber(nic.Speed) && nic.Interfaces.All(name => name is not null));

    // JSON has no infinity, but what is as large reads as one, and could not be written again.
    private static bool IsNumber(double? value) => value is not { } number || double.IsFinite(number);
}
