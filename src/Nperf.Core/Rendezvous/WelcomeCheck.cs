using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>What a client checks of what a server says before it builds on it.</summary>
internal static class WelcomeCheck
{
    private const double MostSeconds = 1e6;
    private const int LongestName = 64;

    public static Welcome Checked(Welcome welcome, ProcessOptions process)
    {
        RunOptions options = welcome.Options;
        bool good = welcome.Self.Index > 0
            && welcome.Self.FirstRank > 0
            && welcome.Self.RankCount == process.OwnRanks
            && (process.Place is not { } place || welcome.Self.Index == place.MemberOf + place.Member)
            && (process.Assigned is not { } assigned
                || (welcome.Self.Index, welcome.Self.FirstRank)
                    == (assigned.Rank * process.Processes, assigned.Rank * process.RanksPerProcess))
            && (process.Processes == 1 || welcome.Secret is not null)
            && welcome.Server is { Index: 0, FirstRank: 0, RankCount: > 0 }
            && IsWait(welcome.JoinTimeoutSeconds)
            && IsWait(options.TimeoutSeconds)
            && options is { Operations: not null, DataTypes: not null, Reductions: not null, Roots: not null }
            && options is { Algorithm: not null, Protocol: not null }
            && options.Operations.All(name => name is not null && Collectives.Operations.Find(name) is not null)
            && options.DataTypes.All(Enum.IsDefined)
            && options.Reductions.All(Enum.IsDefined)
            && options.Split is null or { IsSound: true }
            && Enum.IsDefined(options.Pattern)
            && options.PairBytes >= 0
            && Enum.IsDefined(options.InPlace)
            && Enum.IsDefined(options.Verify)
            && Enum.IsDefined(options.Backend)
            && Enum.IsDefined(options.Transport)
            && options.Streams is > 0 and <= RunOptions.MostStreams
            && options.Interfaces is { Count: <= RunOptions.MostStreams }
            && options.Interfaces.All(name => name is { Length: > 0 and <= LongestName })
            && options.TcpCongestion is null or { Length: > 0 and <= LongestName }
            && Enum.IsDefined(options.Wait)
            && options.AlgorithmTable is null or { IsSound: true }
            && (options.AlgorithmTable is null || options.AlgorithmTable.Rules.All(HostAlgorithms.Has))
            && Enum.IsDefined(options.Register)
            && Enum.IsDefined(options.CtaPolicy)
            && Enum.IsDefined(options.Sync)
            && options is { Aggregate: > 0, GraphLaunches: >= 0, VerifyTolerance: >= 0 and < 1 }
            && options is { Operations.Count: > 0, DataTypes.Count: > 0, Reductions.Count: > 0 }
            && options is { MinBytes: > 0, Iterations: > 0, WarmupIterations: >= 0, Cycles: >= 0, StepBytes: >= 0 }
            && options is { Seconds: >= 0 and <= MostSeconds, OmitSeconds: >= 0 and <= MostSeconds }
            && double.IsFinite(options.StepFactor)
            && (options.StepFactor > 1 || options.StepBytes > 0)
            && options.Roots.All(root => root >= 0)
            && options.Spread is >= 0 and <= 1
            && options.Traffic is null or { IsSound: true }
            && (options.Traffic is not null || !options.UnscaledTraffic)
            && options.Sizes().Take(RunOptions.MostSizes + 1).Count() is > 0 and <= RunOptions.MostSizes;
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

    private static bool IsWait(double seconds) => seconds is > 0 and <= MostSeconds;
}
