using System.Diagnostics;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Host;

public sealed unsafe class HostFabricTests
{
    [Theory]
    [InlineData(Transport.Auto, new[] { 3 }, "memory")]
    [InlineData(Transport.Auto, new[] { 1, 1 }, "shm")]
    [InlineData(Transport.Auto, new[] { 2, 2 }, "memory+shm")]
    [InlineData(Transport.Shm, new[] { 2, 1 }, "shm")]
    [InlineData(Transport.Shm, new[] { 2 }, "shm")]
    [InlineData(Transport.Tcp, new[] { 2 }, "tcp")]
    [InlineData(Transport.Tcp, new[] { 2, 3 }, "tcp")]
    [InlineData(Transport.Tcp, new[] { 1 }, "memory")]
    public void Ranks_are_connected_as_asked(Transport transport, int[] ranksPerProcess, string expected)
    {
        using TestHub hub = TestWorld.Hub(ranksPerProcess, new RunOptions { Transport = transport });
        TestWorld.Run(hub, communicator =>
        {
            Assert.Equal(expected, communicator.TransportSummary);
            Assert.Equal(expected == "tcp", communicator.CongestionControl is not null);
            AssertSums(communicator);
        });
    }

    [Fact]
    public void Auto_takes_shared_memory_within_a_host_and_TCP_between_hosts()
    {
        using TestHub hub = TestWorld.Hub([1, 1, 2, 1], new RunOptions(), index => index < 2 ? "one" : "another");
        string[] summaries = new string[hub.World.Size];
        TestWorld.Run(hub, communicator =>
        {
            summaries[communicator.Rank] = communicator.TransportSummary;
            AssertSums(communicator);
        });
        Assert.Equal(["shm+tcp", "shm+tcp", "memory+shm+tcp", "memory+shm+tcp", "shm+tcp"], summaries);
    }

    [Fact]
    public void Memory_is_refused_between_processes()
    {
        using TestHub hub = TestWorld.Hub([1, 1], new RunOptions { Transport = Transport.Memory });
        var refused = Assert.Throws<RunException>(() => TestWorld.Connect(hub));
        Assert.Contains("--transport memory needs every rank in one process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_memory_is_refused_between_hosts()
    {
        using TestHub hub = TestWorld.Hub([1, 1], new RunOptions { Transport = Transport.Shm }, index => $"host{index}");
        var refused = Assert.Throws<RunException>(() => TestWorld.Connect(hub));
        Assert.Contains("rank 1 (host1)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_refused_whatever_the_transport()
    {
        using TestHub hub = TestWorld.Hub([2], new RunOptions());
        var refused = Assert.Throws<RunException>(() => TestWorld.Connect(hub, "nperf-none"));
        Assert.Contains("--interface nperf-none", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_goes_over_the_interface_that_was_chosen()
    {
        using TestHub hub = TestWorld.Hub([1, 1], new RunOptions { Transport = Transport.Tcp });
        foreach (HostCommunicator communicator in TestWorld.Connect(hub, "127.0.0.0/8")) communicator.Dispose();
    }

    [Fact]
    public void Data_goes_by_the_address_that_was_chosen_and_by_no_other()
    {
        using TestHub hub = TestWorld.Hub([1, 1], new RunOptions { Transport = Transport.Tcp });
        HostCommunicator[] communicators = TestWorld.Connect(hub, bind: System.Net.IPAddress.Parse("127.7.7.7"));
        try
        {
            const string Established = " 01 ";
            string[] connections =
            [
                .. File.ReadLines("/proc/net/tcp").Where(line => line.Contains("0707077F", StringComparison.Ordinal)
                    && line.Contains(Established, StringComparison.Ordinal)),
            ];
            Assert.Equal(2, connections.Length);
            Assert.All(connections, line => Assert.Equal(2, line.Split("0707077F").Length - 1));
        }
        finally
        {
            foreach (HostCommunicator communicator in communicators) communicator.Dispose();
        }
    }

    [Fact]
    public void Nothing_is_left_in_dev_shm_once_connected()
    {
        using TestHub hub = TestWorld.Hub([1, 1], new RunOptions { Transport = Transport.Shm });
        TestWorld.Run(hub, communicator =>
        {
            communicator.LineUp();
            Assert.Empty(Segments(hub));
        });
    }

    [Fact]
    public void Nothing_is_left_in_dev_shm_when_a_process_never_comes()
    {
        using TestHub hub = TestWorld.Hub(
            [1, 1], new RunOptions { Transport = Transport.Shm, TimeoutSeconds = 0.2 });
        using var control = new TestControl(hub, 0, null);
        Assert.Throws<RunException>(() => HostFabric.Connect(control, []));
        Assert.Empty(Segments(hub));
    }

    [Fact]
    public void Shared_memory_that_is_gone_because_the_run_was_given_up_is_not_the_cause()
    {
        using TestHub hub = TestWorld.Hub([1, 1], new RunOptions { Transport = Transport.Shm, TimeoutSeconds = 50 });
        RunException? ended = null;
        var second = new Thread(() =>
        {
            using var control = new TestControl(hub, 1, null);
            ended = Assert.Throws<RunException>(() => HostFabric.Connect(control, []));
        });
        second.Start();

        // The first has made the segment, and taken its name away when it gave up.
        using var first = new TestControl(hub, 0, null);
        first.Barrier("shared memory");
        hub.Abort(new Failure(FailureKind.Interrupted, "interrupted on host0"));
        Assert.True(second.Join(TestWorld.Limit));
        Assert.Equal("interrupted on host0", ended?.Message);
    }

    [Fact]
    public void A_dev_shm_that_is_too_small_is_told_and_left_clean()
    {
        nint tooMuch = (nint)1 << 46;
        string name = $"nperf-test-{Guid.NewGuid():N}";
        var refused = Assert.Throws<RunException>(() => SharedRings.Create(name, [0, 1], tooMuch));
        Assert.Contains("MiB of shared memory for 2 ranks in /dev/shm", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--shm-size", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists($"/dev/shm/{name}"));
    }

    [Theory]
    [InlineData(Transport.Memory)]
    [InlineData(Transport.Shm)]
    [InlineData(Transport.Tcp)]
    public void A_run_given_up_ends_a_wait_at_once(Transport transport)
    {
        using TestHub hub = Two(transport, timeoutSeconds: 50);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        long given = 0;
        var thread = new Thread(() =>
        {
            communicators[1].Links.LineUp();
            Volatile.Write(ref given, Stopwatch.GetTimestamp());
            hub.Abort(new Failure(FailureKind.Interrupted, "stopped by hand"));
        });
        thread.Start();
        communicators[0].LineUp();
        var ended = Assert.Throws<RunException>(communicators[0].LineUp);
        Assert.True(Stopwatch.GetElapsedTime(Volatile.Read(ref given)) < TimeSpan.FromSeconds(45), "the wait went on");
        Assert.Equal("stopped by hand", ended.Message);
        Assert.True(thread.Join(TestWorld.Limit));
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }

    [Theory]
    [InlineData(Transport.Memory)]
    [InlineData(Transport.Shm)]
    [InlineData(Transport.Tcp)]
    public void A_peer_that_stands_still_is_named_after_the_timeout(Transport transport)
    {
        using TestHub hub = Two(transport, timeoutSeconds: 0.3);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        var ended = Assert.Throws<RunException>(communicators[0].LineUp);
        Assert.Equal(FailureKind.Timeout, ended.Failure.Kind);
        Assert.StartsWith("rank 0 (host0) waited 0.3 s for data from rank 1 (host", ended.Message, StringComparison.Ordinal);
        Assert.Equal(1, ended.Failure.Rank);
        Assert.Equal(hub.World.ProcessOf(1).Host, ended.Failure.Host);
        Assert.Equal("lining up", ended.Failure.Step);
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }

    [Theory]
    [InlineData(Transport.Memory)]
    [InlineData(Transport.Tcp)]
    public void A_peer_that_takes_no_data_is_named_after_the_timeout(Transport transport)
    {
        using TestHub hub = Two(transport, timeoutSeconds: 0.3);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        byte[] data = new byte[64 * 1024 * 1024];
        var ended = Assert.Throws<RunException>(() =>
        {
            fixed (byte* send = data) communicators[0].Links.Exchange(1, send, data.Length, 1, null, 0);
        });
        Assert.Contains("to take data", ended.Message, StringComparison.Ordinal);
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }

    [Fact]
    public void A_peer_lost_over_TCP_is_named()
    {
        using TestHub hub = Two(Transport.Tcp, timeoutSeconds: 50);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        communicators[1].Dispose();
        var ended = Assert.Throws<RunException>(communicators[0].LineUp);
        Assert.Equal(FailureKind.PeerLost, ended.Failure.Kind);
        Assert.Contains("lost its data connection to rank 1 (host1)", ended.Message, StringComparison.Ordinal);
        Assert.Equal(1, ended.Failure.Rank);
        Assert.Equal("host1", ended.Failure.Host);
        communicators[0].Dispose();
    }

    [Fact]
    public void The_cause_told_over_the_control_connection_goes_before_the_lost_peer()
    {
        using TestHub hub = Two(Transport.Tcp, timeoutSeconds: 50);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        communicators[1].Dispose();
        RunException? ended = null;
        var thread = new Thread(() => ended = Assert.Throws<RunException>(communicators[0].LineUp));
        thread.Start();
        hub.Abort(new Failure(FailureKind.Error, "rank 1 found wrong data"));
        Assert.True(thread.Join(TestWorld.Limit));
        Assert.Equal("rank 1 found wrong data", ended?.Message);
        communicators[0].Dispose();
    }

    [Fact]
    public void A_failure_within_a_collective_says_which()
    {
        using TestHub hub = Two(Transport.Shm, timeoutSeconds: 0.2);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        float[] send = new float[1024], receive = new float[1024];
        var ended = Assert.Throws<RunException>(() =>
        {
            fixed (float* from = send, to = receive)
                communicators[0].Execute(Sum(send.Length, (nint)from, (nint)to));
        });
        Assert.Equal("allreduce 4096 B", ended.Failure.Step);
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }

    [Fact]
    public void Nothing_is_allocated_while_data_moves()
    {
        using TestHub hub = TestWorld.Hub([1, 1], new RunOptions { Transport = Transport.Tcp });
        TestWorld.Run(hub, communicator =>
        {
            byte[] buffer = new byte[2048];
            fixed (byte* data = buffer)
            {
                int peer = 1 - communicator.Rank;
                communicator.Links.Exchange(peer, data, 1024, peer, data + 1024, 1024);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 100; i++) communicator.Links.Exchange(peer, data, 1024, peer, data + 1024, 1024);
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        });
    }

    private static TestHub Two(Transport transport, double timeoutSeconds) => TestWorld.Hub(
        transport == Transport.Memory ? [2] : [1, 1],
        new RunOptions { Transport = transport, TimeoutSeconds = timeoutSeconds });

    private static CollectiveCall Sum(long count, nint send, nint receive) =>
        new(new AllReduce(), DataType.Float32, Reduction.Sum, 0, count, send, receive);

    private static void AssertSums(HostCommunicator communicator)
    {
        float[] send = new float[1000], receive = new float[1000];
        Array.Fill(send, communicator.Rank + 1);
        fixed (float* from = send, to = receive) communicator.Execute(Sum(send.Length, (nint)from, (nint)to));
        Assert.All(receive, value => Assert.Equal(communicator.WorldSize * (communicator.WorldSize + 1) / 2, value));
    }

    private static string[] Segments(TestHub hub) => Directory.GetFiles(
        "/dev/shm", $"nperf-{Convert.ToHexStringLower(Nperf.Core.Cryptography.Sha256.Hash(hub.RunId).AsSpan(0, 8))}*");
}
