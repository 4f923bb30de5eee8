using System.Net;
using System.Net.Sockets;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Meeting = Nperf.Core.Rendezvous.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

public sealed class RendezvousTests
{
    [Theory]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 2, 1, 3, 1 })]
    [InlineData(new[] { 1, 1, 1, 1, 1, 1, 1, 1, 4 })]
    public async Task Everyone_gets_the_same_world_options_and_id(int[] ranks)
    {
        RunOptions options = new() { Operations = ["broadcast", "allgather"], MinBytes = 4096, MaxBytes = 4096, TimeoutSeconds = 29 };
        await using Star star = await Star.Of(options, ranks);

        int first = 0;
        for (int i = 0; i < ranks.Length; i++)
        {
            Control control = star.Controls[i];
            Assert.Equal(ranks.Sum(), control.World.Size);
            Assert.Equal(star.Controls[0].World.Processes, control.World.Processes);
            Assert.Equal(i, control.Self.Index);
            Assert.Equal(first, control.Self.FirstRank);
            Assert.Equal(ranks[i], control.Self.RankCount);
            Assert.Equal(Environment.ProcessId, control.Self.ProcessId);
            Assert.Equal(control.World.Processes[i], control.Self);
            Assert.Equal(["broadcast", "allgather"], control.Options.Operations);
            Assert.Equal(4096, control.Options.MinBytes);
            Assert.Equal(29, control.Options.TimeoutSeconds);
            Assert.Equal(128, control.RunId.Length);
            Assert.Equal(star.Controls[0].RunId.ToArray(), control.RunId.ToArray());
            Assert.Equal(IPAddress.Loopback, control.LocalAddress);
            first += ranks[i];
        }

        await star.OnAll(control => control.Leave());
    }

    [Fact]
    public async Task The_largest_matrix_of_traffic_reaches_every_client()
    {
        long[] row = [.. Enumerable.Repeat(TrafficMatrix.MostBytes, TrafficMatrix.MostRanks)];
        RunOptions options = new()
        {
            Operations = ["alltoallv"],
            Traffic = new TrafficMatrix([.. Enumerable.Repeat(row, TrafficMatrix.MostRanks)]),
            UnscaledTraffic = true,
        };
        await using Star star = await Star.Of(options, 1, 1, 2);
        Assert.All(star.Controls, control =>
        {
            Assert.Equal(options.Traffic.ToString(), control.Options.Traffic?.ToString());
            Assert.True(control.Options.UnscaledTraffic);
        });
        await star.OnAll(control => control.Leave());
    }

    [Fact]
    public async Task Two_runs_have_different_ids()
    {
        await using Star one = await Star.Of(new RunOptions(), 1, 1);
        await using Star other = await Star.Of(new RunOptions(), 1, 1);
        Assert.NotEqual(one.Controls[0].RunId.ToArray(), other.Controls[0].RunId.ToArray());
    }

    [Fact]
    public async Task A_client_started_before_its_server_tries_until_the_server_is_there()
    {
        int port = FreePort();
        using AbortSignal client = new();
        using AbortSignal server = new();
        RecordingObserver observer = new();
        Task<Control> joining = Star.Join(observer, client, port);
        Assert.Contains("connection refused", await observer.FirstWait, StringComparison.Ordinal);

        Task<Control> serving = Star.Serve(new RecordingObserver(), server, clients: 1, port: port);
        Control[] controls = await Task.WhenAll(serving, joining);
        await Task.WhenAll(controls.Select(control => Star.OnThread(control.Leave)));
        foreach (Control control in controls) control.Dispose();
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("::1")]
    public async Task Names_and_both_families_reach_the_server(string host)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        using AbortSignal client = new();
        using AbortSignal server = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, server, clients: 1);
        Task<Control> joining = Star.Join(new RecordingObserver(), client, (await observer.ListeningAt).Port, host: host);
        Control[] controls = await Task.WhenAll(serving, joining);
        Assert.True(IPAddress.IsLoopback(controls[1].LocalAddress!));
        Assert.Equal(controls[1].LocalAddress!.ToString(), controls[0].World.Processes[1].Address);
        foreach (Control control in controls) control.Dispose();
    }

    [Fact]
    public async Task Clients_that_wait_hear_of_those_that_join()
    {
        using AbortSignal signal = new();
        RecordingObserver server = new();
        RecordingObserver first = new();
        Task<Control> serving = Star.Serve(server, signal, clients: 2);
        int port = (await server.ListeningAt).Port;
        using AbortSignal one = new();
        using AbortSignal two = new();
        Task<Control> firstJoin = Star.Join(first, one, port);
        await first.NextJoin();
        Task<Control> secondJoin = Star.Join(new RecordingObserver(), two, port);
        Control[] controls = await Task.WhenAll(serving, firstJoin, secondJoin);

        Assert.Equal([1, 2], server.Joins.Select(join => join.Joined));
        Assert.Equal([(1, 2), (2, 2)], first.Joins.Select(join => (join.Joined, join.Expected)));
        Assert.Equal((1, 1), (server.Worlds, first.Worlds));
        foreach (Control control in controls) control.Dispose();
    }

    [Fact]
    public void A_local_run_is_a_world_of_one_process_and_needs_no_network()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        using Control control = Meeting.Local(new RunOptions(), new ProcessOptions { RanksPerProcess = 3 }, signal, observer);
        Assert.Equal(3, control.World.Size);
        Assert.Null(control.LocalAddress);
        Assert.Equal(1, observer.Worlds);
        control.Barrier("alone");
        Assert.Equal([1, 2], control.Broadcast(0, [1, 2], "alone"));
        Assert.Equal([3.5], control.AllReduce([3.5], ControlReduction.Sum, "alone"));
        Assert.Equal([[7]], control.Gather([7], "alone")!);
        control.Leave();
    }

    [Fact]
    public void A_local_run_is_given_up_by_its_abort_signal()
    {
        using AbortSignal signal = new();
        using Control control = Meeting.Local(new RunOptions(), new ProcessOptions(), signal, new RecordingObserver());
        control.Abort(new Failure(FailureKind.Interrupted, "stopped"));
        Assert.Equal("stopped", Assert.Throws<RunException>(() => control.Barrier("next")).Message);
    }

    [Theory]
    [InlineData("36 35 0:32 / /dev/shm rw - tmpfs shm rw", "0:32")]
    [InlineData("1 0 8:1 / / rw - ext4 x rw\n2 1 0:5 / /dev rw - devtmpfs x rw", "0:5")]
    [InlineData("1 0 8:1 / / rw - ext4 x rw\n3 1 0:9 / /dev/shmall rw - tmpfs x rw", "8:1")]
    [InlineData("2 1 0:5 / /dev/shm rw - tmpfs x rw\n3 2 0:6 / /dev/shm rw - tmpfs x rw", "0:6")]
    [InlineData("", null)]
    public void The_device_of_shared_memory_is_that_of_its_innermost_mount(string mountInfo, string? device) =>
        Assert.Equal(device, ThisProcess.SharedMemoryDevice(mountInfo));

    internal static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        socket.DualMode = true;
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
