using System.Net;
using System.Net.Sockets;
using Nperf.Core.Host;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Core.Tests.Host;

public sealed unsafe class WaitModeTests
{
    private const int Rounds = 300;

    /// <summary>A wake-up that is lost is not made good in time: who waits for it waits for ever.</summary>
    private const int ForEver = int.MaxValue;

    public static TheoryData<WaitMode, Transport, int> Worlds() =>
        new(from mode in (WaitMode[])[WaitMode.Yield, WaitMode.Block]
            from transport in (Transport[])[Transport.Memory, Transport.Shm, Transport.Tcp]
            from ranks in (int[])[2, 3]
            select (mode, transport, ranks));

    public static TheoryData<WaitMode, Transport> Modes() =>
        new(from mode in (WaitMode[])[WaitMode.Spin, WaitMode.Yield, WaitMode.Block]
            from transport in (Transport[])[Transport.Memory, Transport.Shm, Transport.Tcp]
            select (mode, transport));

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Data_comes_through_however_ranks_wait(WaitMode mode, Transport transport, int ranks)
    {
        int[] processes = transport == Transport.Memory ? [ranks] : [.. Enumerable.Repeat(1, ranks)];
        using TestHub hub = TestWorld.Hub(processes, new RunOptions { Transport = transport, Wait = mode });
        TestWorld.Run(hub, communicator => GoRound(communicator.Links, Rounds));
    }

    [Fact]
    public void Data_comes_through_where_ranks_spin()
    {
        // With fewer processors than ranks each wait may last a tick.
        using TestHub hub = TestWorld.Hub([2], new RunOptions { Wait = WaitMode.Spin });
        TestWorld.Run(hub, communicator => GoRound(communicator.Links, 10));
    }

    [Fact]
    public void A_rank_that_blocks_sleeps_at_every_kind_of_link_at_once()
    {
        var options = new RunOptions { Wait = WaitMode.Block };
        using TestHub hub = TestWorld.Hub([1, 1, 2, 1], options, index => index < 2 ? "one" : "another");
        TestWorld.Run(hub, communicator =>
        {
            GoRound(communicator.Links, Rounds);
            communicator.LineUp();
        });
    }

    /// <summary>Rank 0 has one of each: it passes on from one kind of link to another.</summary>
    [Theory]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 1, 2 })]
    [InlineData(new[] { 2, 3 })]
    [InlineData(new[] { 3, 1 })]
    [InlineData(new[] { 2, 2 })]
    [InlineData(new[] { 3, 3 })]
    public void No_wake_up_is_lost(int[] peers)
    {
        using TestHub hub = TestWorld.Hub([4], new RunOptions());
        int[] all = [0, 1, 2, 3];
        Link[][] links = [.. all.Select(_ => new Link[4])];
        var memory = new PrivateRings([0, 1], Ring.CapacityFor(2), wakes: true);
        (links[0][1], links[1][0]) = (memory.Open(0, 1), memory.Open(1, 0));
        string name = $"nperf-test-{Guid.NewGuid():N}";
        var here = SharedRings.Create(name, [0, 2], Ring.CapacityFor(2), wakes: true);
        var there = SharedRings.Open(name, [0, 2], Ring.CapacityFor(2), wakes: true);
        SharedRings.Unlink(name, [0, 2]);
        (links[0][2], links[2][0]) = (here.Open(0, 2), there.Open(2, 0));
        (links[0][3], links[3][0]) = Connected();
        RankLinks[] ranks =
        [
            .. all.Select(rank =>
            {
                for (int peer = 0; peer < 4; peer++) links[rank][peer] ??= new NoLink();
                var waiter = new Waiter(
                    rank, all, hub.World, hub.AbortSignals[0], hub.Options.Timeout, mode: WaitMode.Block, links: links[rank])
                { LongestSleep = ForEver };
                return new RankLinks(rank, links[rank], waiter);
            }),
        ];

        // A token goes to and fro, alone and with more behind it than a ring holds.
        int[] apart = [.. peers.Distinct()];
        TestWorld.InParallel(hub, 1 + apart.Length, index =>
        {
            byte[] data = new byte[1 << 20];
            fixed (byte* at = data)
            {
                for (int round = 0; round < 1000; round++)
                {
                    nint bytes = round % 100 == 99 ? data.Length : 8;
                    if (index == 0)
                    {
                        *at = (byte)round;
                        ranks[0].Exchange(peers[0], at, bytes, peers[1], at, 0);
                        ranks[0].Exchange(peers[1], at, bytes, peers[0], at, bytes);
                        ranks[0].Exchange(peers[1], at, 0, peers[1], at, bytes);
                        Assert.Equal((byte)round, *at);
                    }
                    else
                    {
                        for (int turn = 0; turn < 2 / apart.Length; turn++)
                        {
                            ranks[apart[index - 1]].Exchange(0, at, 0, 0, at, bytes);
                            ranks[apart[index - 1]].Exchange(0, at, bytes, 0, at, 0);
                        }
                    }
                }
            }
        });
        foreach (RankLinks rank in ranks) rank.Dispose();
    }

    /// <summary>The peer looked whether this rank sleeps just before it said so, and rings nobody.</summary>
    [Fact]
    public void What_came_while_a_rank_went_to_sleep_is_seen_before_it_does()
    {
        using TestHub hub = TestWorld.Hub([2], new RunOptions());
        long* words = stackalloc long[2];
        using var own = new Doorbell((int*)words, LibC.NewEvent());
        using var peer = new Doorbell((int*)(words + 1), LibC.NewEvent());
        Link[] links = [new NoLink(), new BlockingLink(new LateLink(), own, peer)];
        var waiter = new Waiter(0, [0, 1], hub.World, hub.AbortSignals[0], hub.Options.Timeout, mode: WaitMode.Block, links: links)
        { LongestSleep = ForEver };
        using var rank = new RankLinks(0, links, waiter);
        TestWorld.InParallel(hub, 1, _ =>
        {
            byte data = 0;
            rank.Exchange(1, null, 0, 1, &data, 1);
            Assert.Equal(7, data);
        });
    }

    [Fact]
    public void Only_who_is_about_to_sleep_is_rung_and_once()
    {
        long word = 0;
        using var bell = new Doorbell((int*)&word, LibC.NewEvent());
        bool Rings()
        {
            var set = new LibC.PollEntry { Descriptor = bell.Descriptor, Events = 1 };
            return LibC.Poll(&set, 1, 0) == 1;
        }

        bell.Moved();
        Assert.False(Rings());
        bell.Announce();
        Assert.False(Rings());
        bell.Moved();
        Assert.True(Rings());
        Assert.Equal(0, word);
        bell.Withdraw();
        Assert.False(Rings());
        bell.Announce();
        bell.Withdraw();
        bell.Moved();
        Assert.False(Rings());
    }

    /// <summary>Rank 0 is to send on what it gets: until then it has nothing to send, though there is room for it.</summary>
    [Theory]
    [InlineData(Transport.Memory)]
    [InlineData(Transport.Tcp)]
    public void A_rank_that_blocks_takes_no_processor_time(Transport transport)
    {
        using TestHub hub = Two(WaitMode.Block, transport, timeoutSeconds: 60);
        double spent = double.MaxValue;
        TestWorld.Run(hub, communicator =>
        {
            long data = 0;
            var piece = new Piece((nint)(&data), sizeof(long));
            communicator.LineUp();
            double before = ProcessorSeconds();
            if (communicator.Rank == 1) Thread.Sleep(500);
            int peer = 1 - communicator.Rank;
            communicator.Links.Pipeline(peer, new(in piece), communicator.Rank * sizeof(long), peer, new(in piece), default);
            if (communicator.Rank == 0) spent = ProcessorSeconds() - before;
        });
        Assert.InRange(spent, 0, 0.1);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_run_given_up_ends_a_wait(WaitMode mode, Transport transport)
    {
        using TestHub hub = Two(mode, transport, timeoutSeconds: 50);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        var thread = new Thread(() =>
        {
            communicators[1].LineUp();
            hub.Abort(new Failure(FailureKind.Interrupted, "stopped by hand"));
        });
        thread.Start();
        communicators[0].LineUp();
        var ended = Assert.Throws<RunException>(communicators[0].LineUp);
        Assert.Equal("stopped by hand", ended.Message);
        Assert.True(thread.Join(TestWorld.Limit));
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_peer_that_stands_still_is_named_after_the_timeout(WaitMode mode, Transport transport)
    {
        using TestHub hub = Two(mode, transport, timeoutSeconds: 0.1);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        var ended = Assert.Throws<RunException>(communicators[0].LineUp);
        Assert.StartsWith("rank 0 (host0) waited 0.1 s for data from rank 1 (host", ended.Message, StringComparison.Ordinal);
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }

    [Fact]
    public void A_peer_lost_over_TCP_is_named_where_ranks_block()
    {
        using TestHub hub = Two(WaitMode.Block, Transport.Tcp, timeoutSeconds: 50);
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        communicators[1].Dispose();
        var ended = Assert.Throws<RunException>(communicators[0].LineUp);
        Assert.Contains("lost its data connection to rank 1 (host1)", ended.Message, StringComparison.Ordinal);
        communicators[0].Dispose();
    }

    [Fact]
    public void Nothing_is_left_in_dev_shm_where_ranks_block()
    {
        using TestHub hub = Two(WaitMode.Block, Transport.Shm, timeoutSeconds: 50);
        string run = Convert.ToHexStringLower(Core.Cryptography.Sha256.Hash(hub.RunId).AsSpan(0, 8));
        TestWorld.Run(hub, communicator =>
        {
            communicator.LineUp();
            Assert.Empty(Directory.GetFiles("/dev/shm", $"nperf-{run}*"));
        });
    }

    /// <summary>Each rank passes to the next what it got from the one before, in sizes from a word to more than a ring holds.</summary>
    private static void GoRound(RankLinks links, int rounds)
    {
        int to = (links.Rank + 1) % links.WorldSize, from = (links.Rank + links.WorldSize - 1) % links.WorldSize;
        byte[] outgoing = new byte[2 << 20], incoming = new byte[2 << 20];
        fixed (byte* send = outgoing, receive = incoming)
        {
            for (int round = 0; round < rounds; round++)
            {
                int bytes = round % 50 == 49 ? outgoing.Length : 1 << (round % 14);
                outgoing[bytes - 1] = (byte)(links.Rank + round);
                links.Exchange(to, send, bytes, from, receive, bytes);
                Assert.Equal((byte)(from + round), incoming[bytes - 1]);
            }
        }
    }

    private static TestHub Two(WaitMode mode, Transport transport, double timeoutSeconds) => TestWorld.Hub(
        transport == Transport.Memory ? [2] : [1, 1],
        new RunOptions { Transport = transport, Wait = mode, TimeoutSeconds = timeoutSeconds });

    private static (Link, Link) Connected()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Socket one = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        one.Connect(listener.LocalEndPoint!);
        return (new TcpLink([one], rests: false), new TcpLink([listener.Accept()], rests: false));
    }

    /// <summary>What the calling thread has spent, in steps of 10 ms (proc_pid_stat(5): utime and stime).</summary>
    private static double ProcessorSeconds()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11]) + long.Parse(fields[12])) / 100.0;
    }

    /// <summary>Has a byte from the second look on.</summary>
    private sealed class LateLink() : Link(1)
    {
        private int _looks;

        public override string Transport => "late";

        public override nint TrySend(byte* source, nint bytes) => throw new InvalidOperationException();

        public override nint TryReceive(byte* destination, nint bytes)
        {
            if (_looks++ == 0) return 0;
            *destination = 7;
            return 1;
        }

        public override nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel) =>
            throw new InvalidOperationException();

        public override void Dispose()
        {
        }
    }

    /// <summary>Between two ranks that have nothing to do with each other.</summary>
    private sealed class NoLink() : Link(1)
    {
        public override string Transport => "none";

        public override nint TrySend(byte* source, nint bytes) => throw new InvalidOperationException();

        public override nint TryReceive(byte* destination, nint bytes) => throw new InvalidOperationException();

        public override nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel) =>
            throw new InvalidOperationException();

        public override void Dispose()
        {
        }
    }
}
