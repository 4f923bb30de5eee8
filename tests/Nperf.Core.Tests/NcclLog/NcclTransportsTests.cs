using Nperf.Core.NcclLog;
using Nperf.Core.Results;

namespace Nperf.Core.Tests.NcclLog;

public sealed class NcclTransportsTests
{
    [Fact]
    public void Channels_of_a_pair_are_counted_and_devices_gathered()
    {
        IReadOnlyList<ConnectionSection> connections =
            NcclTransports.Connections(NcclLogReader.Read(SampleLogs.V226).Connections);

        Assert.Equal(
            [
                (0, 8, "NET/IB/GDRDMA(PCI)/Shared/PXN", 1), (0, null, "COLLNET/SHARP/GDRDMA", 1),
                (15, 0, "NET/IB/GDRDMA", 2), (null, 0, "COLLNET/SHARP/GDRDMA", 1),
            ],
            connections.Select(one => (one.From, one.To, one.Transport, one.Channels)));
        Assert.Equal([0, 1], connections[2].Devices);
    }

    [Fact]
    public void Both_ends_telling_of_a_network_connection_count_once()
    {
        IReadOnlyList<ConnectionSection> connections = NcclTransports.Connections(
        [
            new NcclConnection(0, 0, 1, "NET/IB/0", NcclDirection.Send, false),
            new NcclConnection(0, 0, 1, "NET/IB/3", NcclDirection.Receive, false),
        ]);

        ConnectionSection one = Assert.Single(connections);
        Assert.Equal(1, one.Channels);
        Assert.Equal([0, 3], one.Devices);
        Assert.Equal(1, Assert.Single(NcclTransports.Merge([.. connections, one with { Devices = [4] }])).Channels);
    }

    [Fact]
    public void Two_ranks_are_one_line() =>
        Assert.Equal(["ranks 0-1: P2P/CUMEM, 24 channels"], Summary(Both(0, 1, "P2P/CUMEM", 24)));

    [Fact]
    public void Pairs_connected_alike_are_together() => Assert.Equal(
        ["ranks 0-1 2-3: P2P/IPC, 2 channels", "ranks 1-2: SHM/direct/direct, 1 channel"],
        Summary(Both(2, 3, "P2P/IPC", 2), Both(0, 1, "P2P/IPC", 2), Both(1, 2, "SHM/direct/direct", 1)));

    [Fact]
    public void Where_every_pair_is_alike_it_is_said_so()
    {
        ConnectionSection[][] pairs =
        [
            .. from one in Enumerable.Range(0, 8)
               from other in Enumerable.Range(0, one)
               select Both(one, other, "P2P/CUMEM", 2),
        ];

        Assert.Equal(["ranks 0-7, every pair: P2P/CUMEM, 2 channels"], Summary(pairs));
    }

    [Fact]
    public void A_pair_may_have_several_transports() => Assert.Equal(
        ["ranks 0-1: NET/Socket, 2 channels; P2P/CUMEM, 24 channels; P2P/CUMEM, 4 channels for send and receive"],
        Summary(
            Both(0, 1, "P2P/CUMEM", 24), Both(0, 1, "NET/Socket", 2),
            [.. Both(0, 1, "P2P/CUMEM", 4).Select(one => one with { SendRecv = true })]));

    [Fact]
    public void The_direction_with_more_channels_counts() => Assert.Equal(
        ["ranks 3-9: NET/IB, 7 channels"], Summary([One(9, 3, "NET/IB", 7), One(3, 9, "NET/IB", 2)]));

    [Fact]
    public void A_switch_is_named() => Assert.Equal(
        ["the switch and ranks 0-1,8: COLLNET/SHARP, 4 channels"],
        Summary([
            One(0, null, "COLLNET/SHARP", 4), One(null, 0, "COLLNET/SHARP", 4), One(1, null, "COLLNET/SHARP", 4),
            One(8, null, "COLLNET/SHARP", 4),
        ]));

    [Fact]
    public void Many_pairs_are_counted()
    {
        string line = Assert.Single(Summary([.. Enumerable.Range(0, 100).Select(rank => One(rank, rank + 1, "NET/IB", 1))]));

        Assert.EndsWith(" 31-32 and 68 pairs more: NET/IB, 1 channel", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_make_one_section()
    {
        NcclSection first = NcclSections.Of(NcclLogReader.Read(SampleLogs.V228));
        NcclSection second = first with
        {
            Network = "IB",
            InitMs = 900,
            Connections = [One(1, 0, "P2P/CUMEM", 2)],
            Warnings = ["w"],
        };

        NcclSection both = NcclSections.Merge([new NcclSection(), first, second, second]);

        Assert.Equal(("Socket", 1, 24, 16, 32, 900.0), (
            both.Network, both.Nodes, both.Channels, both.NvlsChannels, both.P2pChannels, both.InitMs));
        Assert.Equal(["lo:127.0.0.1<0>"], both.NetworkDevices);
        Assert.Equal(
            [(0, 1, false), (0, 1, true), (1, 0, false)],
            both.Connections.Select(one => (one.From, one.To, one.SendRecv)));
        Assert.Equal(["w"], both.Warnings);
        Assert.Null(NcclSections.Merge([]).InitMs);
    }

    private static IReadOnlyList<string> Summary(params ConnectionSection[][] connections) =>
        NcclTransports.Summarise(connections.SelectMany(one => one));

    private static ConnectionSection[] Both(int one, int other, string transport, int channels) =>
        [One(one, other, transport, channels), One(other, one, transport, channels)];

    private static ConnectionSection One(int? from, int? to, string transport, int channels) =>
        new() { From = from, To = to, Transport = transport, SendRecv = false, Channels = channels };
}
