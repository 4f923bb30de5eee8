using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core;

/// <summary>
/// Told what happens while a run goes on: the console's way to say it. Calls come one at a time, from threads of the
/// run, and must return soon. Every method does nothing unless overridden.
/// </summary>
internal abstract class RunObserver
{
    /// <summary>The server waits for its clients on <paramref name="endpoint"/>.</summary>
    public virtual void Listening(System.Net.IPEndPoint endpoint, int expectedClients) { }

    /// <summary>A client joined: <paramref name="joined"/> of <paramref name="expected"/>. On the server and on clients that wait.</summary>
    public virtual void ClientJoined(int joined, int expected, ProcessInfo? client) { }

    /// <summary>A connection that was not nperf's was closed.</summary>
    public virtual void StrangerDropped(System.Net.EndPoint? remote, string guess) { }

    /// <summary>The server could not be reached yet; the client tries on.</summary>
    public virtual void WaitingForServer(string reason) { }

    /// <summary>
    /// A member process, that of <paramref name="rank"/>, wrote a line: a library's, or the runtime's. The one call that may
    /// come while another goes on.
    /// </summary>
    public virtual void MemberSaid(int rank, string line) { }

    /// <summary>The processes have found each other.</summary>
    public virtual void WorldComplete(Control control) { }

    /// <summary>The ranks can run collectives, through what <paramref name="facts"/> says.</summary>
    public virtual void RanksConnected(FabricFacts facts) { }

    /// <summary>On the server: what NCCL's log tells of all processes, before anything is timed.</summary>
    public virtual void NcclToldOf(NcclSection nccl) { }

    /// <summary>A combination of operation, type, reduction and root begins.</summary>
    public virtual void SectionStarted(Section section) { }

    /// <summary>A size was finished.</summary>
    public virtual void SizeFinished(SizeResult result) { }
}

/// <summary>One combination that runs through all sizes.</summary>
/// <param name="Operation">The operation's name.</param>
/// <param name="DataType">The element type's name.</param>
/// <param name="ReduceOp">The reduction's name, or null.</param>
/// <param name="Root">The root rank, or null.</param>
/// <param name="Cycle">Which repetition of the whole, from 1 on.</param>
internal sealed record Section(string Operation, string DataType, string? ReduceOp, int? Root, int Cycle)
{
    /// <summary>True where each rank's send and receive buffer are one.</summary>
    public bool InPlace { get; init; }
}
