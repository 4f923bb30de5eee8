using Nperf.Core.Results;
using Nperf.Core.Topology;

namespace Nperf.Core.Tests.Topology;

public sealed class PciDevicesTests : IDisposable
{
    private const string Port = "pci0000:18/0000:18:01.0";
    private const string SwitchUp = Port + "/0000:19:00.0";

    private readonly FakeSysfs _sysfs = new();

    public void Dispose() => _sysfs.Dispose();

    [Theory]
    [InlineData("0000:1B:00.0", "0000:1b:00.0")]
    [InlineData("00000000:1B:00.0", "0000:1b:00.0")]
    [InlineData("00010000:e1:1f.7", "10000:e1:1f.7")]
    [InlineData("1b:00.0", null)]
    [InlineData("0000:1b:00", null)]
    [InlineData("0000.1b.00:0", null)]
    [InlineData("0000:1x:00.0", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Addresses_have_one_form(string? text, string? expected) =>
        Assert.Equal(expected, PciAddress.Normalize(text));

    [Theory]
    [InlineData("0-3,8", new[] { 0, 1, 2, 3, 8 })]
    [InlineData("", new int[0])]
    [InlineData("5-4,x,1-2-3,-1,9999,7", new[] { 7 })]
    public void The_kernels_lists_are_read(string text, int[] expected) => Assert.Equal(expected, CpuList.Parse(text));

    [Fact]
    public void A_device_is_near_processors_and_at_a_node()
    {
        _sysfs.Device($"{Port}/0000:1b:00.0", 1, "2-3,6");
        var pci = new PciDevices(_sysfs.Path);

        Assert.Equal(1, pci.NumaNodeOf("00000000:1B:00.0"));
        Assert.Equal([2, 3, 6], pci.ProcessorsNear("0000:1B:00.0"));
        Assert.Equal("2-3,6", pci.ProcessorListNear("0000:1b:00.0"));
        Assert.Equal($"{Port}/0000:1b:00.0", pci.PathOf("0000:1B:00.0"));
    }

    [Fact]
    public void What_the_kernel_does_not_show_is_not_known()
    {
        _sysfs.Device($"{Port}/0000:1b:00.0", node: -1, cpus: "");
        var pci = new PciDevices(_sysfs.Path);

        Assert.Null(pci.NumaNodeOf("0000:1b:00.0"));
        Assert.Empty(pci.ProcessorsNear("0000:1b:00.0"));
        Assert.Null(pci.PathOf("0000:1c:00.0"));
        Assert.Null(pci.NumaNodeOf("no address"));
        Assert.Empty(pci.ProcessorsNear("0000:1c:00.0"));
    }

    [Theory]
    [InlineData(SwitchUp + "/0000:1a:00.0/0000:1b:00.0", SwitchUp + "/0000:1a:01.0/0000:1c:00.0", "PIX")]
    [InlineData(Port + "/0000:1b:00.0", Port + "/0000:1b:00.1", "PIX")]
    [InlineData(
        SwitchUp + "/0000:1a:00.0/0000:1b:00.0", SwitchUp + "/0000:1a:01.0/0000:1c:00.0/0000:1d:00.0/0000:1e:00.0",
        "PXB")]
    [InlineData(SwitchUp + "/0000:1a:00.0/0000:1b:00.0", "pci0000:18/0000:18:02.0/0000:2b:00.0", "PHB")]
    [InlineData("pci0000:00/0000:00:02.0", "pci0000:00/0000:00:03.0", "PHB")]
    [InlineData("pci0000:18/0000:18:01.0/0000:1b:00.0", "pci0000:28/0000:28:01.0/0000:2b:00.0", "NODE")]
    [InlineData("pci0000:18/0000:18:01.0/0000:1b:00.0", "pci0000:98/0000:98:01.0/0000:9b:00.0", "SYS")]
    [InlineData("pci0000:18/0000:18:01.0/0000:1b:00.0", null, "?")]
    public void What_lies_between_devices_follows_from_their_ways(string one, string? other, string expected)
    {
        PciPlace here = Place(one), there = Place(other);

        Assert.Equal(expected, here.To(there, numaNodes: 2).Letters());
        Assert.Equal(expected, there.To(here, numaNodes: 2).Letters());

        static PciPlace Place(string? path) =>
            new(path, path?.StartsWith("pci0000:9", StringComparison.Ordinal) == true ? 1 : 0);
    }

    [Theory]
    [InlineData(1, "NODE")]
    [InlineData(0, "NODE")]
    [InlineData(2, "SYS")]
    public void Devices_at_no_known_node_are_together_only_where_there_are_not_several(int nodes, string expected) =>
        Assert.Equal(
            expected,
            new PciPlace("pci0000:18/1", null).To(new PciPlace("pci0000:28/2", null), nodes).Letters());

    [Fact]
    public void Adapters_are_RDMA_devices_with_their_interfaces_and_interfaces_without()
    {
        const string InfiniBand = SwitchUp + "/0000:1a:00.0/0000:1b:00.0";
        const string Roce = SwitchUp + "/0000:1a:01.0/0000:1c:00.0";
        const string Plain = "pci0000:00/0000:00:1f.6";
        const string Virtual = "pci0000:00/0000:00:03.0";
        const string Usb = "pci0000:00/0000:00:14.0";
        _sysfs.Device(InfiniBand, 1, "32-63").Device(Roce).Device(Plain).Device(Virtual).Device(Usb)
            .Rdma("mlx5_10", Roce, "Ethernet", "100 Gb/sec (4X EDR)", null).Interface("ens1f0", Roce, "100000")
            .Rdma("mlx5_2", InfiniBand, "InfiniBand", "400 Gb/sec (4X NDR)")
            .Interface("ib0", InfiniBand, "400000", "32")
            .Interface("eno1", Plain, "2500").Interface("eth0", Virtual, between: "/virtio2")
            .Interface("usb0", Usb, between: "/usb1/1-1/1-1:1.0").Interface("lo", "virtual", type: "772");

        IReadOnlyList<NicSection> nics = NetworkAdapters.Read(_sysfs.Path, new PciDevices(_sysfs.Path));

        Assert.Equal(["mlx5_2", "mlx5_10", "eno1", "eth0"], nics.Select(nic => nic.Name));
        Assert.Equal(["ib0", "ens1f0", "eno1", "eth0"], nics.Select(nic => Assert.Single(nic.Interfaces)));
        Assert.Equal([true, true, false, false], nics.Select(nic => nic.Rdma));
        Assert.Equal(["InfiniBand", "Ethernet", "Ethernet", "Ethernet"], nics.Select(nic => nic.LinkLayer));
        Assert.Equal([400, 100, 2.5, null], nics.Select(nic => nic.Speed));
        Assert.Equal(
            ["0000:1b:00.0", "0000:1c:00.0", "0000:00:1f.6", "0000:00:03.0"], nics.Select(nic => nic.PciBusId));
        Assert.Equal((1, "32-63", InfiniBand), (nics[0].NumaNode, nics[0].CpuAffinity, nics[0].PciPath));
    }

    [Fact]
    public void A_machine_without_any_of_it_has_no_adapters()
    {
        Assert.Empty(NetworkAdapters.Read("/nowhere", new PciDevices("/nowhere")));
        Assert.Empty(NumaNodes.Read("/nowhere"));
    }

    [Fact]
    public void A_node_has_its_processors_in_order_of_the_numbers()
    {
        _sysfs.Node(10, "").Node(2, "8-15").Node(0, "0-7");

        Assert.Equal(
            [new NumaNodeSection(0, "0-7"), new NumaNodeSection(2, "8-15"), new NumaNodeSection(10, "")],
            NumaNodes.Read(_sysfs.Path));
    }
}
