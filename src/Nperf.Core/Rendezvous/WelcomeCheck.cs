using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>What a client checks of what a server says before it builds on it.</summary>
internal static class WelcomeCheck
{
    public static Welcome Checked(Welcome welcome, ProcessOptions process)
    {
        bool good = welcome.Self.Index > 0
            && welcome.Self.FirstRank > 0
            && welcome.Self.RankCount == process.OwnRanks
            && (process.Place is not { } place || welcome.Self.Index == place.MemberOf + place.Member)
            && (process.Assigned is not { } assigned
                || (welcome.Self.Index, welcome.Self.FirstRank)
                    == (assigned.Rank * process.Processes, assigned.Rank * process.RanksPerProcess))
            && (process.Processes == 1 || welcome.Secret is not null)
            && welcome.Server is { Index: 0, FirstRank: 0, RankCount: > 0 }
            && RunOptionsCheck.IsWait(welcome.JoinTimeoutSeconds)
            && RunOptionsCheck.Refusal(welcome.Options) is null;
        if (!good) throw new ProtocolException("sent a Welcome that makes no sense");
        return welcome with
        {
            Version = PrintableText.From(welcome.Version),
            Server = welcome.Server with { Host = PrintableText.From(welcome.Server.Host) },
        };
    }

    /// <summary>The world, when its processes and ranks are numbered without gaps and this one is where it was told.</summary>
    public static World CheckedWorld(ProcessInfo[] processes, ProcessInfo self)
    {
        long ranks = 0;
        for (int i = 0; i < processes.Length; i++)
        {
            if (processes[i] is not { RankCount: > 0 and <= Refusals.MostRanks } process
                || process.Index != i || process.FirstRank != ranks)
            {
                throw new ProtocolException("sent a World with gaps");
            }

            ranks += process.RankCount;
            processes[i] = process with { Host = PrintableText.From(process.Host), Address = PrintableText.From(process.Address) };
        }

        bool here = self.Index < processes.Length && processes[self.Index].FirstRank == self.FirstRank
            && processes[self.Index].RankCount == self.RankCount;
        return here && ranks <= int.MaxValue
            ? new World(processes)
            : throw new ProtocolException("sent a World without this process");
    }

    /// <summary>True when this is the run that the server stood for when it proved that it has the token.</summary>
    /// <exception cref="ProtocolException">It is not.</exception>
    public static bool RequireRun(Session session, byte[] runId, RunOptions options) =>
        session.Run.AsSpan().SequenceEqual(Session.DigestOf(runId, options))
            ? true
            : throw new ProtocolException("sent the id or the options of another run than it stood for");
}
