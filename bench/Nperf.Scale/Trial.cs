using System.Diagnostics;
using System.Globalization;
using System.Net;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Scale;

/// <summary>One server process, and its clients in this one.</summary>
/// <param name="Clients">How many there were.</param>
/// <param name="HasToken">True where both sides proved a token and sealed every message.</param>
/// <param name="RendezvousMs">From the first client's first step until the last one had left the first barrier, in ms.</param>
/// <param name="WorldBytes">What the server told each client of all others, in bytes.</param>
/// <param name="Server">What the server measured.</param>
internal sealed record Trial(int Clients, bool HasToken, double RendezvousMs, int WorldBytes, ServerFigures Server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Runs it.</summary>
    public static async Task<Trial> RunAsync(int clients, Token? token)
    {
        using CancellationTokenSource limit = new(Patience);
        ProcessStartInfo start = new(Environment.ProcessPath!, ["server", clients.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        if (token is not null) start.Environment[Token.Variable] = token.Reveal();
        using Process server = Process.Start(start)!;
        try
        {
            string port = await server.StandardOutput.ReadLineAsync(limit.Token) ?? throw new IOException("the server ended");
            IPEndPoint endpoint = new(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
            (double rendezvous, int world) = await TakePartAsync(endpoint, clients, token).WaitAsync(limit.Token);
            string figures = await server.StandardOutput.ReadLineAsync(limit.Token) ?? throw new IOException("the server ended");
            await server.WaitForExitAsync(limit.Token);
            return new Trial(clients, token is not null, rendezvous, world, ServerFigures.Parse(figures));
        }
        finally
        {
            if (!server.HasExited) server.Kill();
        }
    }

    private static async Task<(double RendezvousMs, int WorldBytes)> TakePartAsync(
        IPEndPoint server, int count, Token? token)
    {
        using Poller poller = new("clients");
        long start = Stopwatch.GetTimestamp();
        SimulatedClient?[] clients = new SimulatedClient?[count];
        Timer beating = new(
            _ => Array.ForEach(clients, client => client?.Beat()), null, SimulatedClient.BetweenBeats, SimulatedClient.BetweenBeats);
        int[] worlds = await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            SimulatedClient client = await SimulatedClient.ConnectAsync(server, i + 1, token, poller);
            clients[i] = client;
            return await client.JoinAsync();
        }));
        double rendezvous = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        await Task.WhenAll(clients.Select(client => PlayAsync(client!)));
        await beating.DisposeAsync(); // Waits for a beat that is under way: closed clients have none.
        foreach (SimulatedClient? client in clients) client?.Dispose();
        return (rendezvous, worlds[0]);
    }

    /// <summary>The client's part of what <see cref="MeasuredServer"/> does.</summary>
    private static async Task PlayAsync(SimulatedClient client)
    {
        byte[] payload = new byte[MeasuredServer.GatherBytes];
        for (int i = 0; i < MeasuredServer.WarmUps + MeasuredServer.Barriers; i++) await client.BarrierAsync();
        for (int i = 0; i < MeasuredServer.Gathers; i++)
        {
            await client.BarrierAsync();
            client.Gather(payload);
        }

        await client.LeaveAsync();
    }
}
