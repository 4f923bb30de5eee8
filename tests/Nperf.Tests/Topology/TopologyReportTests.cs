using System.Text.Json.Nodes;
using Nperf.Arguments;
using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Topology;

public class TopologyReportTests
{
    [Fact]
    public void The_matrix_reads_as_that_of_nvidia_smi() => Expect(
        """
              GPU0  GPU1  NIC0  NIC1  CPU Affinity  NUMA Affinity
        GPU0  X     NV18  PIX   SYS   0-31          0
        GPU1  NV18  X     SYS   SYS   32-63         1
        NIC0  PIX   SYS   X     SYS   0-31          0
        NIC1  SYS   SYS   SYS   X     N/A           N/A

        GPU0: NVIDIA H200, 0000:1b:00.0, 18 NVLinks
        GPU1: NVIDIA H200, 0000:9b:00.0, 18 NVLinks
        NIC0: mlx5_0 (ib0), 0000:1c:00.0, InfiniBand, RDMA, 400 Gbit/s
        NIC1: eth0, 0000:00:1f.6, Ethernet, 2.5 Gbit/s
        4 NVSwitches
        NUMA node 0: CPUs 0-31
        NUMA node 1: CPUs 32-63

        Legend:
          X     the device itself
          NV#   # NVLinks
          PIX   at most one PCIe switch
          SYS   PCIe and what connects the NUMA nodes

        """,
        TopologyFormat.Matrix, Topologies.Switched());

    [Fact]
    public void Several_hosts_have_a_matrix_each_and_one_legend() => Expect(
        """
        node2:
              GPU0  GPU1  GPU2  CPU Affinity  NUMA Affinity
        GPU0  X     NV2   ?     N/A           N/A
        GPU1  NV2   X     ?     N/A           N/A
        GPU2  ?     ?     X     N/A           N/A

        GPU0: NVIDIA H200, 0000:1b:00.0, 2 NVLinks
        GPU1: NVIDIA H200, 0000:1c:00.0, 2 NVLinks
        GPU2: NVIDIA H200, 0000:1d:00.0
        CPUs 0-63
        note: the bandwidth is not known really

        node3:
        CPUs 0-63
        note: no GPU: libcuda.so.1: not there

        Legend:
          X     the device itself
          NV#   # NVLinks
          ?     not known: the kernel does not show one of the devices

        """,
        TopologyFormat.Matrix, Topologies.Linked(), Topologies.Bare());

    [Fact]
    public void A_host_without_devices_has_no_matrix() => Expect(
        """
        CPUs 0-63
        note: no GPU: libcuda.so.1: not there

        """,
        TopologyFormat.Matrix, Topologies.Bare());

    [Fact]
    public void The_tree_goes_from_the_host_over_nodes_and_bridges_to_the_devices() => Expect(
        """
        node1
        ├── NUMA node 0: CPUs 0-31
        │   └── host bridge pci0000:18
        │       └── PCIe bridge 0000:19:00.0
        │           ├── GPU0: NVIDIA H200, 0000:1b:00.0, 18 NVLinks
        │           └── NIC0: mlx5_0 (ib0), 0000:1c:00.0, InfiniBand, RDMA, 400 Gbit/s
        ├── NUMA node 1: CPUs 32-63
        │   └── host bridge pci0000:98
        │       └── GPU1: NVIDIA H200, 0000:9b:00.0, 18 NVLinks
        └── no NUMA node known
            └── host bridge pci0000:00
                └── NIC1: eth0, 0000:00:1f.6, Ethernet, 2.5 Gbit/s
        4 NVSwitches
        GPU0 and GPU1: 18 NVLinks through NVSwitches, 450 GB/s a direction

        """,
        TopologyFormat.Tree, Topologies.Switched());

    [Fact]
    public void Several_hosts_have_a_tree_each() => Expect(
        """
        node2: CPUs 0-63
        ├── GPU0: NVIDIA H200, 0000:1b:00.0, 2 NVLinks
        ├── GPU1: NVIDIA H200, 0000:1c:00.0, 2 NVLinks
        └── host bridge pci0000:00
            └── GPU2: NVIDIA H200, 0000:1d:00.0
        GPU0 and GPU1: 2 NVLinks
        note: the bandwidth is not known really

        node3: CPUs 0-63
        note: no GPU: libcuda.so.1: not there

        """,
        TopologyFormat.Tree, Topologies.Linked(), Topologies.Bare());

    [Fact]
    public void The_graph_has_the_tree_and_the_NVLinks_across_it() => Expect(
        """
        graph topology {
          node [shape=box];
          "0 host" [label="node1"];
          "0 NUMA node 0" [label="NUMA node 0\nCPUs 0-31"];
          "0 host bridge pci0000:18" [label="host bridge pci0000:18"];
          "0 PCIe bridge 0000:19:00.0" [label="PCIe bridge 0000:19:00.0"];
          "0 GPU0" [label="GPU0\nNVIDIA H200\n0000:1b:00.0\n18 NVLinks"];
          "0 PCIe bridge 0000:19:00.0" -- "0 GPU0";
          "0 NIC0" [label="NIC0\nmlx5_0 (ib0)\n0000:1c:00.0\nInfiniBand\nRDMA\n400 Gbit/s"];
          "0 PCIe bridge 0000:19:00.0" -- "0 NIC0";
          "0 host bridge pci0000:18" -- "0 PCIe bridge 0000:19:00.0";
          "0 NUMA node 0" -- "0 host bridge pci0000:18";
          "0 host" -- "0 NUMA node 0";
          "0 NUMA node 1" [label="NUMA node 1\nCPUs 32-63"];
          "0 host bridge pci0000:98" [label="host bridge pci0000:98"];
          "0 GPU1" [label="GPU1\nNVIDIA H200\n0000:9b:00.0\n18 NVLinks"];
          "0 host bridge pci0000:98" -- "0 GPU1";
          "0 NUMA node 1" -- "0 host bridge pci0000:98";
          "0 host" -- "0 NUMA node 1";
          "0 no NUMA node known" [label="no NUMA node known"];
          "0 host bridge pci0000:00" [label="host bridge pci0000:00"];
          "0 NIC1" [label="NIC1\neth0\n0000:00:1f.6\nEthernet\n2.5 Gbit/s"];
          "0 host bridge pci0000:00" -- "0 NIC1";
          "0 no NUMA node known" -- "0 host bridge pci0000:00";
          "0 host" -- "0 no NUMA node known";
          "0 NVSwitch" [label="4 NVSwitches"];
          "0 GPU0" -- "0 NVSwitch" [label="NV18", style=bold];
          "0 GPU1" -- "0 NVSwitch" [label="NV18", style=bold];
        }

        """,
        TopologyFormat.Dot, Topologies.Switched());

    [Fact]
    public void Direct_NVLinks_and_notes_are_in_the_graph()
    {
        string graph = TopologyReport.Build([Topologies.Switched(), Topologies.Linked()], TopologyFormat.Dot);

        Assert.Contains(
            "  \"1 GPU0\" -- \"1 GPU1\" [label=\"NV2\", style=bold, constraint=false];\n", graph, StringComparison.Ordinal);
        Assert.Contains("\n  // the bandwidth is not known really\n", graph, StringComparison.Ordinal);
    }

    [Fact]
    public void Graphviz_draws_the_graph_whatever_a_host_is_called()
    {
        Requirements.Program("dot", "graphviz");
        using TemporaryFolder folder = new();
        HostTopology[] hosts =
            [Topologies.Switched("a \"name\" with \\"), Topologies.Linked("GPU0"), Topologies.Bare()];
        File.WriteAllText(folder.File("topology.dot"), TopologyReport.Build(hosts, TopologyFormat.Dot));

        using RunningProcess dot = RunningProcess.Start("dot", ["-Tsvg", folder.File("topology.dot")]);
        dot.ExpectSuccess();

        Assert.Empty(dot.Errors);
        Assert.Contains("a &quot;name&quot; with \\", dot.Output, StringComparison.Ordinal);
        Assert.Equal(3, dot.Output.Split(">NV18<").Length + dot.Output.Split(">NV2<").Length - 2);
    }

    [Fact]
    public void One_hosts_document_is_that_host()
    {
        JsonNode document = Json(Topologies.Switched());

        Assert.Equal(
            ["0000:1b:00.0", "0000:9b:00.0"], document["gpus"]!.AsArray().Select(gpu => (string)gpu!["pciBusId"]!));
        Assert.Equal(18, (int)document["links"]![0]!["count"]!);
        Assert.Equal("PIX", (string)document["matrix"]![0]![2]!);
        Assert.Equal("node1", (string)document["host"]!);
    }

    [Fact]
    public void Several_hosts_document_has_the_same_fields_at_the_top()
    {
        JsonNode document = Json(Topologies.Switched(), Topologies.Linked());

        Assert.Equal(
            ["node1", "node1", "node2", "node2", "node2"],
            document["gpus"]!.AsArray().Select(gpu => (string)gpu!["host"]!));
        Assert.Equal([18, 2], document["links"]!.AsArray().Select(link => (int)link!["count"]!));
        Assert.Equal("NV2", (string)document["matrix"]![1]![0]![1]!);
        Assert.Equal(["node1", "node2"], document["hosts"]!.AsArray().Select(host => (string)host!["host"]!));
    }

    private static JsonNode Json(params HostTopology[] hosts) =>
        JsonNode.Parse(TopologyReport.Build(hosts, TopologyFormat.Json))!;

    private static void Expect(string expected, TopologyFormat format, params HostTopology[] hosts) =>
        Assert.Equal(expected, TopologyReport.Build(hosts, format));
}
