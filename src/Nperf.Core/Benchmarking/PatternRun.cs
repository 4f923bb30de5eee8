using System.Diagnostics;
using System.Text.Json;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;
using Nperf.Core.Pairs;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core.Benchmarking;

/// <summary>What a run of pairs or of find-slow found: the same on every process.</summary>
internal sealed record PatternFindings(PairsSection Pairs, FindSlowSection? FindSlow);

/// <summary>
/// One rank's way through a run of pairs or of find-slow. Rank 0 decides what is measured next, from what was measured; every
/// rank hears it and takes its part.
/// </summary>
internal sealed class PatternRun
{
    private const string Step = "what is measured next";

    /// <summary>Up to so many directions of pairs, those of 128 ranks, all processes have the figures of all.</summary>
    private const int MostLinksTold = 128 * 127;

    private readonly RankRun _run;
    private readonly RankTeam _team;
    private readonly int _local;
    private readonly World _world;
    private readonly RunOptions _options;
    private readonly long _bytes;
    private readonly RunProgress? _progress;
    private PairMeasurement? _pairs;
    private SlowSearch? _search;

    internal PatternRun(RankRun run, RankTeam team, int local, Control control, long bytes, RunProgress progress)
    {
        (_run, _team, _local, _bytes) = (run, team, local, bytes);
        (_world, _options) = (control.World, control.Options);
        _progress = local == 0 ? progress : null;
    }

    /// <summary>The size of a transfer: as asked for in whole elements, or what a link of the kind carries at full speed.</summary>
    internal static long BytesOf(RunOptions options, bool onGpus)
    {
        const long OnGpus = 64 << 20, OnHost = 4 << 20;
        int element = DataType.Float32.Size();
        return options.PairBytes == 0 ? onGpus ? OnGpus : OnHost
            : Math.Max(PairMeasurement.LatencyBytes, options.PairBytes / element * element);
    }

    /// <summary>Refuses what cannot be run among so many ranks.</summary>
    /// <exception cref="RunException">It cannot.</exception>
    internal static void Require(RunOptions options, int ranks)
    {
        if (Refusal(options.Pattern, ranks) is { } refusal) throw new RunException(FailureKind.Usage, $"--pattern: {refusal} (-n)");
    }

    /// <summary>Why it cannot be run among so many ranks, as the end of a sentence about <c>--pattern</c>, or null.</summary>
    public static string? Refusal(RunPattern pattern, int ranks) => pattern switch
    {
        RunPattern.Pairs when ranks < 2 => "pairs takes two ranks or more, and there is 1",
        RunPattern.FindSlow when ranks < SlowEffect.FewestRanks =>
            $"find-slow takes three ranks or more, and there {(ranks == 1 ? "is 1" : $"are {ranks}")}: of two that differ nobody can say which is slow",
        _ => null,
    };

    /// <summary>What needs as much memory as any of it.</summary>
    internal static SectionPlan Largest(long bytes) => Section(new SendRecv(), bytes);

    /// <summary>Each pair's transfers, for who has to see them once before.</summary>
    internal static IReadOnlyList<SectionPlan> Sections(World world, long bytes) =>
    [
        .. PairSchedule.Of(new PairPlaces(world, null).Hosts).SelectMany(round => new[]
        {
            Section(PeerExchange.OneWay(world.Size, round), bytes),
            Section(PeerExchange.OneWay(world.Size, round.Select(pair => (pair.Other, pair.One))), bytes),
        }),
    ];

    /// <summary>Runs to the end; on rank 0, <paramref name="facts"/> say where the ranks are.</summary>
    internal PatternFindings Run(bool leads, FabricFacts? facts)
    {
        _run.Begin(Largest(_bytes));
        if (leads) Lead(facts);
        else Follow();
        PatternFindings? whole = leads ? Findings() : null;
        byte[] told = whole is null ? [] : JsonSerializer.SerializeToUtf8Bytes(ForOthers(whole), PatternJson.Default.PatternFindings);
        told = _team.FromRankZero(_local, told, "the findings");
        return whole ?? Read(told);
    }

    /// <summary>What the other processes are told: all links of more ranks would be hundreds of megabytes with 1,000 of them.</summary>
    private static PatternFindings ForOthers(PatternFindings whole) => whole.Pairs.Links.Count <= MostLinksTold
        ? whole
        : whole with { Pairs = whole.Pairs with { Links = [] } };

    /// <summary>What was found so far, on rank 0; null elsewhere.</summary>
    internal PatternFindings? Findings() => _pairs is null ? null : new PatternFindings(_pairs.Section(), _search?.Section());

    private static SectionPlan Section(Collective collective, long bytes) =>
        new(collective, DataType.Float32, Reduction.Sum, 0) { Sizes = [bytes] };

    private static PatternFindings Read(byte[] told)
    {
        try
        {
            if (JsonSerializer.Deserialize(told, PatternJson.Default.PatternFindings) is { Pairs: not null } found) return found;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new RunException(FailureKind.Error, "what the server found cannot be read: are all nperf of one version?");
    }

    private void Lead(FabricFacts? facts)
    {
        var places = new PairPlaces(_world, facts);
        _pairs = new PairMeasurement(_world.Size, places, _bytes, Measure);
        _pairs.Run();
        if (_options.Pattern == RunPattern.FindSlow)
        {
            _search = new SlowSearch(_pairs.Figures, places, _bytes, (ring, step) =>
                Measure(new PeerOrder(PeerExchange.Ring(_world.Size, ring), _bytes), step).Slowest(ring));
            _search.Run();
        }

        _team.FromRankZero(_local, [], Step);
    }

    private void Follow()
    {
        if (_progress is not null) _progress.Step = _options.Pattern == RunPattern.Pairs ? "pairs" : "find-slow";
        while (PeerOrder.FromBytes(_team.FromRankZero(_local, [], Step), _world.Size, Largest(_bytes).Sizes[0]) is { } order)
            _run.Time(Section(order.Exchange, order.Bytes), order);
    }

    private PeerTimes Measure(PeerOrder order, string step)
    {
        if (_progress is not null) _progress.Step = step;
        _team.FromRankZero(_local, order.ToBytes(), Step);
        return _run.Time(Section(order.Exchange, order.Bytes), order) ?? throw new UnreachableException();
    }
}

/// <summary>The form in which findings travel on the control connection.</summary>
[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[System.Text.Json.Serialization.JsonSerializable(typeof(PatternFindings))]
internal sealed partial class PatternJson : System.Text.Json.Serialization.JsonSerializerContext;
