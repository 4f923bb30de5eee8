using System.Net;
using Nperf.Core;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>Tells two observers, one after the other.</summary>
internal sealed class ObserverPair(RunObserver first, RunObserver second) : RunObserver
{
    public override void Listening(IPEndPoint endpoint, int expectedClients) => Both(one => one.Listening(endpoint, expectedClients));

    public override void ClientJoined(int joined, int expected, ProcessInfo? client) => Both(one => one.ClientJoined(joined, expected, client));

    public override void StrangerDropped(EndPoint? remote, string guess) => Both(one => one.StrangerDropped(remote, guess));

    public override void WaitingForServer(string reason) => Both(one => one.WaitingForServer(reason));

    public override void MemberSaid(int rank, string line) => Both(one => one.MemberSaid(rank, line));

    public override void WorldComplete(Control control) => Both(one => one.WorldComplete(control));

    public override void RanksConnected(FabricFacts facts) => Both(one => one.RanksConnected(facts));

    public override void NcclToldOf(NcclSection nccl) => Both(one => one.NcclToldOf(nccl));

    public override void SectionStarted(Section section) => Both(one => one.SectionStarted(section));

    public override void SizeFinished(SizeResult result) => Both(one => one.SizeFinished(result));

    private void Both(Action<RunObserver> tell)
    {
        tell(first);
        tell(second);
    }
}
