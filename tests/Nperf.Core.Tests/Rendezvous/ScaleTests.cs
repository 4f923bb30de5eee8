using System.IO.Compression;
using System.Net;
using System.Text;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Scale;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>A server with hundreds of clients: the simulated ones of <c>bench/Nperf.Scale</c>, which <c>scripts/scale.sh</c> measures with.</summary>
public sealed class ScaleTests
{
    private const int Clients = 256;

    private const string TokenText = "a token for many clients";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hundreds_of_clients_join_at_once_meet_and_leave(bool hasToken)
    {
        Token? token = null;
        if (hasToken) Assert.Null(Token.Read(TokenText, out token));
        using AbortSignal signal = new();
        using Poller poller = new("clients");
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, Clients, token: token);
        IPEndPoint endpoint = new(IPAddress.Loopback, (await observer.ListeningAt).Port);

        SimulatedClient[] clients = await Task.WhenAll(
            Enumerable.Range(1, Clients).Select(i => SimulatedClient.ConnectAsync(endpoint, i, token, poller)))
            .WaitAsync(Star.Patience, TestContext.Current.CancellationToken);
        await using Timer beating = new(
            _ => Array.ForEach(clients, client => client.Beat()), null, SimulatedClient.BetweenBeats, SimulatedClient.BetweenBeats);
        Task<int[]> joining = Task.WhenAll(clients.Select(client => client.JoinAsync()));
        using Control server = await serving;
        int[] worlds = await joining.WaitAsync(Star.Patience, TestContext.Current.CancellationToken);

        // What each is told of all others: thousands of times that go through the server's network.
        Assert.All(worlds, world => Assert.InRange(world, 1, 64 * (Clients + 1)));
        Assert.Equal(
            clients.Select(client => client.ProcessId), server.World.Processes.Skip(1).Select(process => process.ProcessId).Order());

        Task meeting = Task.WhenAll(clients.Select(async client =>
        {
            await client.BarrierAsync();
            client.Gather(BitConverter.GetBytes(client.ProcessId));
            await client.LeaveAsync();
        }));
        await Star.OnThread(() => server.Barrier("a barrier"));
        byte[][]? gathered = await Star.OnThread(() => server.Gather([], "a gather"));
        Assert.Equal(
            server.World.Processes.Skip(1).Select(process => process.ProcessId),
            gathered!.Skip(1).Select(payload => BitConverter.ToInt32(payload)));
        await Star.OnThread(server.Leave);
        await meeting.WaitAsync(Star.Patience, TestContext.Current.CancellationToken);
        Assert.False(signal.IsSet);
        foreach (SimulatedClient client in clients) client.Dispose();
    }

    [Fact]
    public void A_world_survives_the_way_to_a_client()
    {
        ProcessInfo[] processes = [.. Enumerable.Range(0, 1000).Select(i => ThisProcess.Describe(i, 2 * i, 2, $"10.0.{i / 256}.{i % 256}"))];
        Assert.Equal(processes, Payloads.World(Payloads.World(processes)));
    }

    [Fact]
    public void A_world_that_grows_without_end_as_it_is_unpacked_is_refused()
    {
        byte[] much = Encoding.ASCII.GetBytes($"[{new string(' ', Message.LargestWorld + 1)}]");
        using MemoryStream small = new();
        using (ZLibStream squeeze = new(small, CompressionLevel.Fastest)) squeeze.Write(much);
        var refusal = Assert.Throws<ProtocolException>(() => Payloads.World(new Message(MessageType.World, small.ToArray())));
        Assert.Contains("more than", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rank_is_found_in_its_process()
    {
        int[] counts = [3, 1, 2, 5, 1];
        int first = 0;
        World world = new([.. counts.Select((count, index) => ThisProcess.Describe(index, (first += count) - count, count, "x"))]);
        for (int rank = 0; rank < world.Size; rank++) Assert.True(world.ProcessOf(rank).HasRank(rank));
        Assert.Throws<ArgumentOutOfRangeException>(() => world.ProcessOf(world.Size));
        Assert.Throws<ArgumentOutOfRangeException>(() => world.ProcessOf(-1));
    }
}
