using System.Diagnostics;
using System.Text;
using CsCheck;
using Nperf.Core.NcclLog;

namespace Nperf.Core.Tests.NcclLog;

public sealed class NcclLogReaderTests
{
    private static readonly string[] AllSamples =
    [
        SampleLogs.V214, SampleLogs.V220, SampleLogs.V223, SampleLogs.V226, SampleLogs.V227, SampleLogs.V228, SampleLogs.V230,
    ];

    [Fact]
    public void A_log_of_2_14_tells_connections_alone()
    {
        NcclActivity activity = NcclLogReader.Read(SampleLogs.V214);

        Assert.Equal("2.14.3+cuda11.7", activity.Version);
        Assert.Equal("Socket", activity.Network);
        Assert.Equal(["eth0:192.0.2.1<0>", "eth1:2001:db8::1<0>"], activity.NetworkDevices);
        Assert.Equal((2, null, 2, null, 2), (
            activity.Ranks, activity.Nodes, activity.CollectiveChannels, activity.NvlsChannels, activity.SendRecvChannels));
        Assert.Equal(
            [
                new NcclConnection(0, 0, 1, "P2P/IPC/read/CE", NcclDirection.Send, false),
                new NcclConnection(1, 0, 1, "P2P/IPC/read/CE", NcclDirection.Send, false),
                new NcclConnection(0, 0, 1, "P2P/indirect/3[3b000]/read", NcclDirection.Send, true),
            ],
            activity.Connections);
        Assert.Equal("P2P", activity.Connections[0].Transport);
        Assert.Empty(activity.Choices);
        Assert.Null(activity.InitMilliseconds);
    }

    [Fact]
    public void A_log_of_2_20_has_numbers_and_no_operation()
    {
        NcclActivity activity = NcclLogReader.Read(SampleLogs.V220);

        Assert.Equal(["mlx5_0:1/RoCE", "mlx5_1:1/RoCE", "mlx5_2:1/IB"], activity.NetworkDevices);
        Assert.Equal(
            [new NcclChoice(null, 1024, "ring", "ll", null), new NcclChoice(null, 4194304, "nvlstree", "simple", null)],
            activity.Choices);
        Assert.Equal(["SHM/direct/CE", "SHM/direct/CE"], activity.Connections.Select(one => one.Detail));
        Assert.Equal((1, 0), (activity.Nodes, activity.NvlsChannels));
    }

    [Fact]
    public void A_log_of_2_23_names_the_operation()
    {
        NcclActivity activity = NcclLogReader.Read(SampleLogs.V223);

        Assert.Equal(
            [
                new NcclChoice("AllGather", 8192, "pat", "simple", null),
                new NcclChoice("Reduce", 8, "unknown", "unknown", null),
            ],
            activity.Choices);
        Assert.Equal(1230, activity.InitMilliseconds);
    }

    [Fact]
    public void A_log_of_several_hosts_tells_their_network()
    {
        NcclActivity activity = NcclLogReader.Read(SampleLogs.V226);

        Assert.Equal(["mlx5_0:1/IB", "mlx5_1:1/IB"], activity.NetworkDevices);
        Assert.Equal((16, 2), (activity.Ranks, activity.Nodes));
        Assert.Equal(
            [
                new NcclConnection(0, 15, 0, "NET/IB/0/GDRDMA", NcclDirection.Receive, false),
                new NcclConnection(2, 15, 0, "NET/IB/1/GDRDMA", NcclDirection.Receive, false),
                new NcclConnection(1, 0, 8, "NET/IB/1(2)/GDRDMA(PCI)/Shared", NcclDirection.Send, false),
                new NcclConnection(0, 0, null, "COLLNET/SHARP/0/GDRDMA", NcclDirection.Send, false),
                new NcclConnection(0, null, 0, "COLLNET/SHARP/0/GDRDMA", NcclDirection.Receive, false),
            ],
            activity.Connections);
        Assert.Equal(["socket progress: Connection refused by 192.0.2.2"], activity.Warnings);
    }

    [Fact]
    public void Of_ranks_as_threads_rank_0_tells_the_choices() => Assert.Equal(
        [
            new NcclChoice("AllReduce", 1024, "AllReduce_AGxLL_R", null, new NcclChannels(0, 0)),
            new NcclChoice("AllReduce", 1000, "ring", "ll", new NcclChannels(0, 0)),
        ],
        NcclLogReader.Read(SampleLogs.V227).Choices);

    [Fact]
    public void A_log_of_2_28_tells_algorithms_protocols_and_channels()
    {
        NcclActivity activity = NcclLogReader.Read(SampleLogs.V228);

        Assert.Equal("2.28.9+cuda12.9", activity.Version);
        Assert.Equal(
            [
                new NcclChoice("AllReduce", 8192, "ring", "ll", new NcclChannels(0, 0)),
                new NcclChoice("AllReduce", 2097152, "collnetdirect", "simple", new NcclChannels(0, 23)),
                new NcclChoice("AllReduce", 8192, "AllReduce_RSxLDMC_AGxSTMC", null, new NcclChannels(0, 7)),
            ],
            activity.Choices);
        Assert.Equal(24, activity.Choices[1].Channels?.Count);
        Assert.Equal((24, 16, 32, 440.0), (
            activity.CollectiveChannels, activity.NvlsChannels, activity.SendRecvChannels, activity.InitMilliseconds));
        Assert.Equal([false, false, true], activity.Connections.Select(one => one.ForSendRecv));
    }

    [Fact]
    public void A_log_of_2_30_tells_of_copy_engines()
    {
        NcclActivity activity = NcclLogReader.Read(SampleLogs.V230);

        Assert.Equal(
            [
                new NcclChoice("AllGather", 4096, "copyengine", null, null),
                new NcclChoice("AlltoAll", 8192, "copyengine+rma", null, null),
            ],
            activity.Choices);
        Assert.Equal("SHM/direct", Assert.Single(activity.Connections).Detail);
        Assert.Equal(["mlx5_0:1:0:1/IB", "mlx5_1:1/RoCE"], activity.NetworkDevices);
        Assert.Equal(["no memory"], activity.Warnings);
        Assert.Equal(4, activity.Ranks);
    }

    [Fact]
    public void A_line_that_is_still_being_written_is_not_read()
    {
        const string Line = "node1:46:46 [0] NCCL INFO AllReduce: 8192 Bytes -> Algo RING proto LL channel{Lo..Hi}={0..12}";

        Assert.Empty(NcclLogReader.Read(Line).Choices);
        Assert.Empty(NcclLogReader.Read(Line[..^5] + "\n").Choices);
        Assert.Single(NcclLogReader.Read(Line + "\n").Choices);
    }

    [Fact]
    public void Any_text_can_be_read()
    {
        Gen<string> piece = Gen.Frequency(
            (1, Gen.String),
            (4, Gen.Select(Gen.Int[0, AllSamples.Length - 1], Gen.Int[0, 5000], Gen.Int[1, 300], Gen.Char, Mutated)));
        piece.Array[0, 20].Sample(pieces => NcclLogReader.Read(string.Concat(pieces) + '\n'), iter: 3000, threads: 1);
    }

    // A piece of a log with one other character.
    private static string Mutated(int sample, int start, int length, char other)
    {
        string log = AllSamples[sample];
        start %= log.Length;
        char[] piece = log.Substring(start, Math.Min(length, log.Length - start)).ToCharArray();
        piece[(start + length) % piece.Length] = other;
        return new string(piece);
    }

    [Fact]
    public void A_hundred_thousand_lines_are_read_at_once()
    {
        var text = new StringBuilder();
        for (int i = 0; i < 100_000; i++)
        {
            string message = (i % 4) switch
            {
                0 => $"Channel {i % 32:00}/0 : {i % 1000}[0] -> {(i + 1) % 1000}[1] [send] via NET/IB/{i % 8}/GDRDMA",
                1 => $"AllReduce: {i} Bytes -> Algo RING proto SIMPLE channel{{Lo..Hi}}={{0..{i % 32}}}",
                2 => "Trees [0] 1/-1/-1->0->-1 [1] 1/-1/-1->0->-1 [2] 1/-1/-1->0->-1 [3] 1/-1/-1->0->-1",
                _ => $"[Proxy Progress] Device 0 CPU core {i % 64}",
            };
            text.Append("node1:46:46 [0] NCCL INFO ").Append(message).Append('\n');
        }

        var clock = Stopwatch.StartNew();
        NcclActivity activity = NcclLogReader.Read(text.ToString());
        int pairs = NcclTransports.Connections(activity.Connections).Count;

        Assert.Equal((25_000, 25_000, 250), (activity.Connections.Count, activity.Choices.Count, pairs));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void A_file_is_read_while_it_is_open_for_writing()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nperf-tests-");
        try
        {
            string path = Path.Combine(folder.FullName, "log");
            using (var writer = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
            {
                writer.Write(Encoding.UTF8.GetBytes(SampleLogs.V228));
                writer.Flush();
                Assert.Equal(3, NcclLogReader.ReadFile(path)?.Choices.Count);
            }

            Assert.Null(NcclLogReader.ReadFile(path + "x"));
            Assert.Null(NcclLogReader.ReadFile(folder.FullName));
            Assert.Null(NcclLogReader.ReadFile("/dev/zero"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
