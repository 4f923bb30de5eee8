using System.Text;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Tests.Host;
using Nperf.Core.Tests.Rendezvous;
using Nperf.Core.Topology;

namespace Nperf.Core.Tests.Topology;

public class TopologyRunTests
{
    [Fact]
    public async Task The_server_gets_each_hosts_topology_once_and_clients_get_none()
    {
        using var hub = new TestHub(
            new World(
            [
                PlannedProcess.Of(0, "node1"), PlannedProcess.Of(1, "node2"), PlannedProcess.Of(2, "node1"),
                PlannedProcess.Of(3, "pod") with { MachineId = "node1" },
            ]),
            new RunOptions());
        int reads = 0;

        IReadOnlyList<HostTopology>[] gathered = await Task.WhenAll(Enumerable.Range(0, 4).Select(index =>
            Star.OnThread(() => TopologyRun.Gather(new TestControl(hub, index, null), host =>
            {
                Interlocked.Increment(ref reads);
                return Empty(host);
            }))));

        Assert.Equal(["node1", "node2", "pod"], gathered[0].Select(topology => topology.Host));
        Assert.All(gathered[1..], Assert.Empty);
        Assert.Equal(3, reads);
    }

    [Fact]
    public void All_of_it_arrives()
    {
        using var sysfs = new FakeSysfs();
        sysfs.Node(0, "0-63").Device("pci0000:18/0000:18:01.0/0000:1b:00.0", 0);
        var gpus = new StandInGpus { Buses = ["1b", "9b"], Links = [[1], [0]] };
        HostTopology sent = gpus.Read(sysfs.Path);
        using var hub = new TestHub(new World([PlannedProcess.Of(0, "node1")]), new RunOptions());

        HostTopology arrived = Assert.Single(TopologyRun.Gather(new TestControl(hub, 0, null), _ => sent));

        Assert.Equivalent(sent, arrived, strict: true);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"host\":\"node2\"}")]
    [InlineData("[\"a\",\"b\"]")]
    public async Task What_is_no_topology_names_its_sender(string sent)
    {
        using TestHub hub = TwoHosts();
        byte[] bytes = Encoding.UTF8.GetBytes(sent);
        Task client = Star.OnThread(() => new TestControl(hub, 1, null).Gather(bytes, "topology"));

        Failure failure = await Star.FailureOf(
            Star.OnThread(() => TopologyRun.Gather(new TestControl(hub, 0, null), Empty)));
        await client;

        Assert.Equal("rank 1 on node2 sent no topology", failure.Message);
    }

    [Fact]
    public async Task A_matrix_that_does_not_fit_its_devices_is_no_topology()
    {
        using TestHub hub = TwoHosts();
        Task client = Star.OnThread(() =>
            TopologyRun.Gather(new TestControl(hub, 1, null), host => Empty(host) with { Matrix = [["X"]] }));

        Failure failure = await Star.FailureOf(
            Star.OnThread(() => TopologyRun.Gather(new TestControl(hub, 0, null), Empty)));
        await client;

        Assert.Equal((FailureKind.Error, 1, "node2"), (failure.Kind, failure.Rank, failure.Host));
    }

    private static TestHub TwoHosts() =>
        new(new World([PlannedProcess.Of(0, "node1"), PlannedProcess.Of(1, "node2")]), new RunOptions());

    private static HostTopology Empty(string host) => new()
    {
        Host = host,
        Cpus = null,
        NumaNodes = [],
        Gpus = [],
        Nics = [],
        Links = [],
        NvSwitches = 0,
        Devices = [],
        Matrix = [],
        Notes = [],
    };
}
