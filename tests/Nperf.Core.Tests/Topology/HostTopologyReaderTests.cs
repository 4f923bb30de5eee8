using Nperf.Core.Machine;
using Nperf.Core.Results;
using Nperf.Core.Tests.Machine;
using Nperf.Core.Topology;

namespace Nperf.Core.Tests.Topology;

public sealed class HostTopologyReaderTests : IDisposable
{
    private readonly FakeSysfs _sysfs = new();

    public void Dispose() => _sysfs.Dispose();

    [Fact]
    public void Two_GPUs_with_eighteen_links_each_into_switches_are_NV18()
    {
        _sysfs.Node(0, "0-31").Device("pci0000:18/0000:18:01.0/0000:1b:00.0", 0, "0-31")
            .Device("pci0000:98/0000:98:01.0/0000:9b:00.0", 0, "0-31");

        HostTopology topology = SwitchedPair().Read(_sysfs.Path);

        Assert.Equal([["X", "NV18"], ["NV18", "X"]], topology.Matrix);
        LinkSection link = Assert.Single(topology.Links);
        Assert.Equal((0, 1, "NVLink"), (link.From, link.To, link.Type));
        Assert.Equal((18, 450, true), (link.Count, link.Bandwidth, link.ViaSwitch));
        Assert.Equal(4, topology.NvSwitches);
        Assert.Empty(topology.Notes);
        Assert.Equal(
            new GpuSection
            {
                Host = "node1",
                Id = 1,
                Name = "A GPU",
                Uuid = "GPU-02020202-0202-0202-0202-020202020202",
                PciBusId = "0000:9b:00.0",
                PciPath = "pci0000:98/0000:98:01.0/0000:9b:00.0",
                NumaNode = 0,
                CpuAffinity = "0-31",
                NvLinks = 18,
            },
            topology.Gpus[1]);
    }

    [Fact]
    public void The_GPU_with_fewer_links_that_are_up_decides()
    {
        StandInGpus pair = SwitchedPair();
        pair.Links[1][3] = StandInGpus.Down;

        HostTopology topology = pair.Read(_sysfs.Path);

        Assert.Equal("NV17", topology.Matrix[0][1]);
        Assert.Equal([18, 17], topology.Gpus.Select(gpu => gpu.NvLinks));
    }

    [Fact]
    public void Links_whose_state_is_told_by_a_field_alone_are_up()
    {
        StandInGpus pair = SwitchedPair() with { Defines = "#define STATE_BY_FIELD" };
        pair.Links[0][0] = StandInGpus.Down;

        Assert.Equal([17, 18], pair.Read(_sysfs.Path).Gpus.Select(gpu => gpu.NvLinks));
    }

    [Theory]
    [InlineData("FFFFFFFF:FF:FF.0")]
    [InlineData("")]
    public void A_switch_without_an_address_of_this_machine_is_one_nevertheless(string address)
    {
        StandInGpus pair = SwitchedPair() with { Switches = [address], Defines = "#define NO_PEERS" };

        HostTopology topology = pair.Read(_sysfs.Path);

        Assert.Equal(("NV18", 1), (topology.Matrix[0][1], topology.NvSwitches));
    }

    [Fact]
    public void A_driver_that_does_not_tell_what_a_link_leads_to_is_helped_by_the_kernel()
    {
        _sysfs.Device("pci0000:00/0000:05:00.0", kind: "0x068000").Device("pci0000:00/0000:06:00.0", kind: "0x060400");
        StandInGpus gpus = SwitchedPair() with
        {
            Switches = ["00000000:05:00.0", "00000000:06:00.0"],
            Defines = "#define NO_PEERS",
        };

        Assert.Equal("NV9", gpus.Read(_sysfs.Path).Matrix[0][1]);
    }

    [Fact]
    public void Four_GPUs_without_NVLinks_have_the_relations_that_NVML_tells()
    {
        var gpus = new StandInGpus
        {
            Buses = ["1b", "1c", "2b", "9b"],
            Links = [[], [], [], []],
            Levels = [[0, 10, 20, 30], [10, 0, 40, 50], [20, 40, 0, 0], [30, 50, 0, 0]],
        };

        HostTopology topology = gpus.Read(_sysfs.Path);

        Assert.Equal(
            [
                ["X", "PIX", "PXB", "PHB"], ["PIX", "X", "NODE", "SYS"], ["PXB", "NODE", "X", "PIX"],
                ["PHB", "SYS", "PIX", "X"],
            ],
            topology.Matrix);
        Assert.Empty(topology.Links);
        Assert.Equal((0, 0), (topology.NvSwitches, topology.Gpus[0].NvLinks));
    }

    [Fact]
    public void Without_NVMLs_levels_the_kernel_tells_the_relations()
    {
        _sysfs.Node(0, "0-31").Node(1, "32-63")
            .Device("pci0000:18/0000:18:01.0/0000:19:00.0/0000:1a:00.0/0000:1b:00.0", 0)
            .Device("pci0000:18/0000:18:01.0/0000:19:00.0/0000:1a:01.0/0000:1c:00.0", 0)
            .Device("pci0000:18/0000:18:02.0/0000:2b:00.0", 0)
            .Device("pci0000:98/0000:98:01.0/0000:9b:00.0", 1);
        var gpus = new StandInGpus
        {
            Buses = ["1b", "1c", "2b", "9b"],
            Links = [[], [], [], []],
            Defines = "#define NO_LEVELS",
        };

        Assert.Equal(["X", "PIX", "PHB", "SYS"], gpus.Read(_sysfs.Path).Matrix[0]);
    }

    // The mesh of a DGX-1 with V100: each GPU has six links to four others.
    [Fact]
    public void Eight_GPUs_with_links_of_their_own_have_the_number_of_each_pair()
    {
        int[][] links =
        [
            [1, 2, 3, 3, 4, 4], [0, 2, 2, 3, 5, 5], [0, 1, 1, 3, 3, 6], [0, 0, 1, 2, 2, 7],
            [0, 0, 5, 6, 7, 7], [1, 1, 4, 6, 6, 7], [2, 4, 5, 5, 7, 7], [3, 4, 4, 5, 6, 6],
        ];
        var gpus = new StandInGpus
        {
            Buses = ["06", "07", "0a", "0b", "85", "86", "89", "8a"],
            Links = links,
            Version = 3,
            Speed = 25781,
        };

        HostTopology topology = gpus.Read(_sysfs.Path);

        Assert.Equal(["X", "NV1", "NV1", "NV2", "NV2", "SYS", "SYS", "SYS"], topology.Matrix[0]);
        Assert.Equal(["SYS", "SYS", "NV1", "SYS", "NV1", "NV2", "X", "NV2"], topology.Matrix[6]);
        Assert.Equal(16, topology.Links.Count);
        Assert.Equal(48 / 2, topology.Links.Sum(link => link.Count));
        Assert.Equal((0, 3, 50, false), topology.Links.Where(link => link is { From: 0, To: 3 })
            .Select(link => (link.From, link.To, link.Bandwidth, link.ViaSwitch)).Single());
        Assert.All(topology.Gpus, gpu => Assert.Equal(6, gpu.NvLinks));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#define OTHER_UUIDS")]
    public void GPUs_are_those_of_CUDA_in_its_order(string defines)
    {
        var gpus = new StandInGpus
        {
            Buses = ["1b", "1c", "9b"],
            Links = [[1, 1], [0, 0, 2], [1]],
            Visible = [2, 1],
            Defines = defines,
        };

        HostTopology topology = gpus.Read(_sysfs.Path);

        Assert.Equal(["0000:9b:00.0", "0000:1c:00.0"], topology.Gpus.Select(gpu => gpu.PciBusId));
        Assert.Equal(["GPU0", "GPU1"], topology.Devices);
        Assert.Equal([["X", "NV1"], ["NV1", "X"]], topology.Matrix);
        Assert.Equal([1, 3], topology.Gpus.Select(gpu => gpu.NvLinks));
    }

    [Fact]
    public void A_GPU_that_NVML_refuses_costs_only_what_it_would_have_told()
    {
        HostTopology topology = (SwitchedPair() with { Defines = "#define FORBIDDEN 1" }).Read(_sysfs.Path);

        Assert.Equal([18, null], topology.Gpus.Select(gpu => gpu.NvLinks));
        Assert.Equal("?", topology.Matrix[0][1]);
        Assert.Equal(["GPU1: NVLinks are not known: NVML does not show it"], topology.Notes);
    }

    [Fact]
    public void A_GPU_that_is_lost_leaves_the_others_their_links()
    {
        var gpus = new StandInGpus { Buses = ["1b", "1c", "9b"], Links = [[1], [0], []], Defines = "#define LOST 2" };

        HostTopology topology = gpus.Read(_sysfs.Path);

        Assert.Equal(["X", "NV1", "SYS"], topology.Matrix[0]);
        Assert.Equal(
            ["GPU2: NVLinks are not known: nvmlDeviceGetNvLinkState failed: an error (15)"], topology.Notes);
    }

    [Theory]
    [InlineData(6, 26562, 450.0)]
    [InlineData(6, 0, 450.0)]
    [InlineData(0, 26562, 478.116)]
    [InlineData(4, 14062, 253.116)]
    [InlineData(7, 53125, 900.0)]
    [InlineData(0, 0, null)]
    public void The_bandwidth_of_links_is_that_for_data(int version, int speed, double? expected)
    {
        HostTopology topology = (SwitchedPair() with { Version = version, Speed = speed }).Read(_sysfs.Path);

        Assert.Equal(expected, topology.Links[0].Bandwidth);
        Assert.Equal(
            expected is null ? ["GPU0", "GPU1"] : [],
            topology.Notes.Where(note => note.Contains(": the bandwidth of NVLinks is not known", StringComparison.Ordinal))
                .Select(note => note.Split(':')[0]));
    }

    [Fact]
    public void Without_NVML_the_kernel_tells_what_lies_between_GPUs_and_the_rest_is_said()
    {
        _sysfs.Device("pci0000:18/0000:18:01.0/0000:1b:00.0").Device("pci0000:18/0000:18:02.0/0000:9b:00.0");
        using var library = new StandInLibrary("""
            #include <stddef.h>
            #include <stdio.h>
            int cuInit(unsigned flags) { return 0; }
            int cuDriverGetVersion(int *version) { *version = 13000; return 0; }
            int cuDeviceGetCount(int *count) { *count = 2; return 0; }
            int cuDeviceGet(int *device, int index) { *device = index; return 0; }
            int cuDeviceGetName(char *name, int length, int device) { *name = 0; return 0; }
            int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 1; return 0; }
            int cuDeviceGetPCIBusId(char *id, int length, int device) {
                return snprintf(id, length, "0000:%sB:00.0", device ? "9" : "1") < 0;
            }
            int cuDeviceGetUuid(unsigned char *uuid, int device) { return 0; }
            int cuGetErrorName(int status, const char **name) { return 1; }
            int cuGetErrorString(int status, const char **text) { return 1; }
            """);

        HostTopology topology = HostTopologyReader.Read("node1", library.Path, "/nowhere/nvml", _sysfs.Path);

        Assert.Equal("PHB", topology.Matrix[0][1]);
        Assert.Equal(
            ["NVLinks are not known: /nowhere/nvml: cannot open shared object file: No such file or directory"],
            topology.Notes);
    }

    [Fact]
    public void An_NVML_without_NVLink_calls_says_which_is_missing()
    {
        using var library = new StandInLibrary("""
            int nvmlInit_v2(void) { return 0; }
            int nvmlShutdown(void) { return 0; }
            int nvmlSystemGetDriverVersion(char *version, unsigned length) { return 0; }
            const char *nvmlErrorString(int status) { return ""; }
            """);

        GpuFabric fabric = GpuFabric.Read(
            library.Path, [new Gpu(0, "A GPU", 1, "0000:1B:00.0", "GPU-1")], new PciDevices(_sysfs.Path));

        Assert.Equal(
            [$"NVLinks are not known: {library.Path}: there is no symbol nvmlDeviceGetCount_v2 in it"], fabric.Notes);
    }

    [Fact]
    public void A_machine_without_a_GPU_has_adapters_and_nodes_and_says_why_there_is_none()
    {
        const string First = "pci0000:18/0000:18:01.0/0000:1b:00.0", Second = "pci0000:98/0000:98:01.0/0000:9b:00.0";
        _sysfs.Node(0, "0-31").Node(1, "32-63")
            .Device(First, 0, "0-31").Interface("eth0", First).Device(Second, 1, "32-63").Interface("eth1", Second);

        HostTopology topology = HostTopologyReader.Read("node1", "/nowhere/libcuda.so.1", "/nowhere/nvml", _sysfs.Path);

        Assert.StartsWith(
            "no GPU: /nowhere/libcuda.so.1: cannot open shared object file: No such file or directory",
            Assert.Single(topology.Notes), StringComparison.Ordinal);
        Assert.Empty(topology.Gpus);
        Assert.Equal(["NIC0", "NIC1"], topology.Devices);
        Assert.Equal([["X", "SYS"], ["SYS", "X"]], topology.Matrix);
        Assert.Equal([new NumaNodeSection(0, "0-31"), new NumaNodeSection(1, "32-63")], topology.NumaNodes);
        Assert.Equal("0-63", topology.Cpus);
    }

    private static StandInGpus SwitchedPair() => new()
    {
        Buses = ["1b", "9b"],
        Links = [[.. Enumerable.Repeat(StandInGpus.Switch, 18)], [.. Enumerable.Repeat(StandInGpus.Switch, 18)]],
    };
}
