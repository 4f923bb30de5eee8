using System.Net;
using System.Runtime.ExceptionServices;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Tests.Rendezvous;

namespace Nperf.Core.Tests.Host;

/// <summary>Ranks as threads of this process, linked to each other.</summary>
internal static class TestWorld
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    /// <summary>
    /// Runs <paramref name="body"/> for each of <paramref name="ranks"/> ranks; throws the first failure. Over memory they
    /// are of one process, else each pretends to be a process of its own.
    /// </summary>
    public static void Run(int ranks, Transport transport, Action<RankLinks> body)
    {
        int[] processes = transport == Transport.Memory ? [ranks] : [.. Enumerable.Repeat(1, ranks)];
        using TestHub hub = Hub(processes, new RunOptions { Transport = transport });
        Run(hub, communicator => body(communicator.Links));
    }

    /// <summary>Connects the processes of <paramref name="hub"/> and runs <paramref name="body"/> for each rank.</summary>
    public static void Run(TestHub hub, Action<HostCommunicator> body)
    {
        HostCommunicator[] communicators = Connect(hub);
        try
        {
            InParallel(hub, communicators.Length, rank => body(communicators[rank]));
        }
        finally
        {
            foreach (HostCommunicator communicator in communicators) communicator.Dispose();
        }
    }

    /// <summary>The communicators of all ranks, each process having connected on a thread of its own.</summary>
    public static HostCommunicator[] Connect(TestHub hub, string? networkInterface = null, IPAddress? bind = null)
    {
        IPAddress? local = hub.World.Processes.Count > 1 ? IPAddress.Loopback : null;
        var communicators = new HostCommunicator[hub.World.Processes.Count][];
        InParallel(hub, communicators.Length, index =>
        {
            using var control = new TestControl(hub, index, local);
            communicators[index] = HostFabric.Connect(control, networkInterface?.Split(',') ?? [], bind);
        });
        return [.. communicators.SelectMany(own => own)];
    }

    /// <summary>Processes of one machine with so many ranks each, and what they share.</summary>
    public static TestHub Hub(int[] ranksPerProcess, RunOptions options, Func<int, string>? sharedMemoryIdOf = null)
    {
        var processes = new List<ProcessInfo>();
        int firstRank = 0;
        for (int index = 0; index < ranksPerProcess.Length; index++)
        {
            processes.Add(PlannedProcess.Of(index, $"host{index}", ranksPerProcess[index], firstRank) with
            {
                MachineId = "machine",
                SharedMemoryId = sharedMemoryIdOf?.Invoke(index) ?? "shared",
                Processors = ProcessorList.OfThisProcess(),
                ProcessId = Environment.ProcessId,
            });
            firstRank += ranksPerProcess[index];
        }

        return new TestHub(new World(processes), options);
    }

    /// <summary>Runs <paramref name="body"/> for 0 to <paramref name="count"/> - 1 at the same time; throws the first failure.</summary>
    public static void InParallel(TestHub hub, int count, Action<int> body)
    {
        Exception? first = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(index => new Thread(() =>
        {
            try
            {
                body(index);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref first, failure, null);
                hub.Abort(new Failure(FailureKind.Error, $"{index}: {failure.Message}"));
            }
        }) { IsBackground = true })];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) Assert.True(thread.Join(Limit), "a rank did not end in time");
        if (first is not null) ExceptionDispatchInfo.Throw(first);
    }
}
