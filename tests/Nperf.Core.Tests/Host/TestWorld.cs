using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Host;

/// <summary>Ranks as threads of this process, linked to each other.</summary>
internal static class TestWorld
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs <paramref name="body"/> for each of <paramref name="ranks"/> ranks; throws the first failure.</summary>
    public static void Run(int ranks, Transport transport, Action<RankLinks> body)
    {
        Assert.Equal(Transport.Memory, transport);
        var world = new World([Process(0, 0, ranks)]);
        using var abortSignal = new AbortSignal();
        int[] all = [.. Enumerable.Range(0, ranks)];
        var rings = new PrivateRings(all, Ring.CapacityFor(ranks));
        RankLinks[] links = [.. all.Select(rank => new RankLinks(
            rank,
            [.. all.Select(peer => rings.Open(rank, peer))],
            new Waiter(rank, world, abortSignal, TimeSpan.FromSeconds(20))))];
        try
        {
            RunRanks(ranks, abortSignal, rank => body(links[rank]));
        }
        finally
        {
            foreach (RankLinks end in links) end.Dispose();
        }
    }

    private static void RunRanks(int ranks, AbortSignal abortSignal, Action<int> body)
    {
        Exception? first = null;
        Thread[] threads = [.. Enumerable.Range(0, ranks).Select(rank => new Thread(() =>
        {
            try
            {
                body(rank);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref first, failure, null);
                abortSignal.Set(new Failure(FailureKind.Error, $"rank {rank}: {failure.Message}"));
            }
        }) { IsBackground = true })];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) Assert.True(thread.Join(Limit), "a rank did not end in time");
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    private static ProcessInfo Process(int index, int firstRank, int ranks) => new()
    {
        Index = index,
        FirstRank = firstRank,
        RankCount = ranks,
        Host = "here",
        MachineId = "machine",
        SharedMemoryId = "shared",
        ProcessId = index + 1,
        Address = "local",
    };
}
