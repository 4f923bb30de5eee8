using Nperf.Core.NcclLog;

namespace Nperf.Core.Tests.NcclLog;

public sealed class NcclLineFormsTests
{
    [Theory]
    [InlineData("Channel 00/24 : 0 1 2 3")]
    [InlineData("Channel 00/0 : 0[0] -> 1[1]")]
    [InlineData("Channel 00/0 : 0[0] -> 1[1] via ")]
    [InlineData("Channel 00/0 : 0[0] -> x[1] via P2P/IPC")]
    [InlineData("Channel 00/0 : 0[0 -> 1")]
    [InlineData("Channel x : 0[0] -> 1[1] via P2P/IPC")]
    [InlineData("CollNet channel 0 rank 0 nHeads 2")]
    [InlineData("CollNet 00/0 : 0 via")]
    public void What_only_looks_like_a_connection_is_none(string message) => Assert.Null(NcclConnectionLine.Read(message));

    [Theory]
    [InlineData("12 Bytes -> ")]
    [InlineData(" Bytes -> Algo 1 proto 2 time 3")]
    [InlineData("x Bytes -> Algo 1 proto 2 time 3")]
    [InlineData("-5 Bytes -> Algo 1 proto 2 time 3")]
    [InlineData("AllReduce 5 Bytes -> Algo 1 proto 2 time 3")]
    [InlineData("All reduce: 5 Bytes -> Algo 1 proto 2 time 3")]
    [InlineData(": 5 Bytes -> Algo 1 proto 2 time 3")]
    [InlineData("AllReduce: 5 Bytes -> Algo RING")]
    [InlineData("AllReduce: 5 Bytes -> Algo RING proto LL")]
    [InlineData("AllReduce: 5 Bytes -> Algo RING proto LL channel{Lo..Hi}={0.")]
    [InlineData("AllReduce [Symmetric]: 5 Bytes -> Kernel X nchannels x")]
    [InlineData("AllReduce: 5 Bytes -> something else")]
    public void What_only_looks_like_a_choice_is_none(string message) => Assert.Null(NcclChoiceLine.Read(message));

    [Fact]
    public void A_kernel_without_channels_has_none() => Assert.Equal(
        new NcclChoice("AllReduce", 5, "Unknown", null, null),
        NcclChoiceLine.Read("AllReduce [Symmetric]: 5 Bytes -> Kernel Unknown nchannels 0 nthreads 0"));

    [Theory]
    [InlineData("0", "tree")]
    [InlineData("1", "ring")]
    [InlineData("2", "collnetdirect")]
    [InlineData("3", "collnetchain")]
    [InlineData("4", "nvls")]
    [InlineData("5", "nvlstree")]
    [InlineData("6", "pat")]
    [InlineData("7", "unknown")]
    [InlineData("TREE", "tree")]
    [InlineData("COLLNET_CHAIN", "collnetchain")]
    [InlineData("NVLS_TREE", "nvlstree")]
    [InlineData("PAT", "pat")]
    [InlineData("Unknown", "unknown")]
    public void Algorithms_are_named_as_on_the_command_line(string logged, string name) =>
        Assert.Equal(name, NcclNames.Algorithm(logged));

    [Theory]
    [InlineData("0", "ll")]
    [InlineData("1", "ll128")]
    [InlineData("2", "simple")]
    [InlineData("3", "unknown")]
    [InlineData("LL128", "ll128")]
    public void So_are_protocols(string logged, string name) => Assert.Equal(name, NcclNames.Protocol(logged));

    [Theory]
    [InlineData("P2P/direct pointer", "P2P/direct pointer", null)]
    [InlineData("P2P/indirect/3[3]/read", "P2P/indirect/3[3]/read", null)]
    [InlineData("SHM/direct/direct", "SHM/direct/direct", null)]
    [InlineData("NET/Socket/0", "NET/Socket", 0)]
    [InlineData("NET/AWS Libfabric/12/GDRDMA", "NET/AWS Libfabric/GDRDMA", 12)]
    [InlineData("NET/IB/1(2)/GDRDMA(PCI)/Shared", "NET/IB/GDRDMA(PCI)/Shared/PXN", 1)]
    [InlineData("NET", "NET", null)]
    public void A_transport_is_named_without_its_device(string detail, string name, int? device) =>
        Assert.Equal(new NcclTransportName(name, device), NcclTransportName.Of(detail));
}
