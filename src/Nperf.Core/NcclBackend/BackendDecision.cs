using System.Text.Json;
using System.Text.Json.Serialization;
using Nperf.Core.Data;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.NcclBackend;

/// <summary>What carries the collectives of a run: the same on every process.</summary>
/// <param name="Backend">The choice, never <see cref="Backend.Auto"/>.</param>
/// <param name="Reason">In one line what was taken, or why not the other.</param>
/// <param name="Gpus">On NCCL: the GPU of each rank, by rank.</param>
/// <param name="NcclVersion">On NCCL: its version, everywhere the same.</param>
internal sealed record BackendDecision(
    Backend Backend, string Reason, IReadOnlyList<RankGpu> Gpus, string? NcclVersion)
{
    private const string Step = "choosing the backend";

    /// <summary>
    /// Lets every process tell what it has and the server choose. Collective over processes; where one on CPU memory
    /// was asked for, nothing is said.
    /// </summary>
    /// <param name="control">The processes.</param>
    /// <param name="process">This one's options.</param>
    /// <param name="offer">What this one has.</param>
    /// <exception cref="RunException">What was asked for cannot be had; the message says what is missing where.</exception>
    public static BackendDecision Reach(Control control, ProcessOptions process, NcclOffer offer)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(process);
        if (control.Options.Backend == Backend.Mpi) return new BackendDecision(Backend.Mpi, "--backend mpi", [], null);
        if (control.Options.Backend == Backend.Host)
        {
            RequireHost(control.World, control.Options, "--backend host");
            return new BackendDecision(Backend.Host, "--backend host", [], null);
        }

        byte[][]? offers = control.Gather(
            JsonSerializer.SerializeToUtf8Bytes(offer, BackendJson.Default.NcclOffer), Step);
        byte[] decided = offers is null ? [] : JsonSerializer.SerializeToUtf8Bytes(
            Decide(control.World, control.Options, [.. offers.Select((offer, index) => ReadOffer(offer, control.World.Processes[index]))]),
            BackendJson.Default.BackendDecision);
        BackendDecision decision = Read(control.Broadcast(0, decided, Step), control.World.Size);
        if (decision.Backend == Backend.Host) RequireNothingOfNccl(process, decision.Reason);
        return decision;
    }

    /// <summary>The choice, from what each process of <paramref name="world"/> has.</summary>
    internal static BackendDecision Decide(World world, RunOptions options, IReadOnlyList<NcclOffer> offers)
    {
        string? lacking = options.Transport == Transport.Auto ? Lacking(world, offers) : "--transport is the host backend's";
        if (lacking is not null)
        {
            if (options.Backend == Backend.Nccl) throw Refusal($"--backend nccl: {lacking}; nperf doctor says more");
            RequireHost(world, options, lacking);
            return new BackendDecision(Backend.Host, $"no NCCL: {lacking}", [], null);
        }

        string version = offers[0].Version!;
        RequireNothingOfHost(options, version);
        RequireVersion(options, version);
        return new BackendDecision(
            Backend.Nccl, $"NCCL {version}, {offers[0].Library}", GpuAssignment.Of(world, offers), version);
    }

    private static string? Lacking(World world, IReadOnlyList<NcclOffer> offers)
    {
        foreach (ProcessInfo process in world.Processes)
        {
            NcclOffer offer = offers[process.Index];
            if (!offer.IsReady) return $"{process.Host} misses {string.Join(" and ", offer.Missing)}";
        }

        ProcessInfo? apart = world.Processes.FirstOrDefault(process => offers[process.Index].Version != offers[0].Version);
        return apart is null
            ? null
            : $"{world.Processes[0].Host} has NCCL {offers[0].Version} and {apart.Host} {offers[apart.Index].Version}, "
                + "and all must have the same (--nccl-lib PATH)";
    }

    /// <summary>
    /// Refuses what only NCCL has, by name: a run without it would not be what was asked for. And what the host backend
    /// has, and cannot do with these operations and ranks.
    /// </summary>
    private static void RequireHost(World world, RunOptions options, string why)
    {
        string[] asked =
        [
            .. options.Algorithm == RunOptions.AutoName || HostAlgorithms.Names.Contains(options.Algorithm) ? Array.Empty<string>() : ["--algo"],
            .. options.Protocol != RunOptions.AutoName ? ["--proto"] : Array.Empty<string>(),
            .. options.GraphLaunches > 0 ? ["--graph"] : Array.Empty<string>(),
            .. options.Register == Registration.Local ? ["--register"] : Array.Empty<string>(),
            .. options.CtaPolicy != CtaPolicy.Default ? ["--cta-policy"] : Array.Empty<string>(),
        ];
        Refuse(asked, why);
        HostAlgorithms.Require(options, Groups.Of(world.Size, options.Split).Size);
    }

    /// <summary>Refuses what only the host backend has, by name.</summary>
    private static void RequireNothingOfHost(RunOptions options, string version)
    {
        string[] asked =
        [
            .. NcclSettings.AlgorithmNames.Contains(options.Algorithm) ? Array.Empty<string>() : [$"--algo {options.Algorithm}"],
            .. options.AlgorithmTable is not null ? ["--algo-table"] : Array.Empty<string>(),
            .. options.Wait != WaitMode.Auto ? ["--wait"] : Array.Empty<string>(),
            .. options.Streams > Math.Max(1, options.Interfaces.Count) ? ["--streams"] : Array.Empty<string>(),
            .. options.TcpCongestion is not null ? ["--tcp-congestion"] : Array.Empty<string>(),
        ];
        if (asked.Length > 0)
            throw Refusal($"{string.Join(", ", asked)}: the host backend's alone, and this run is on NCCL {version}; add --backend host");
    }

    private static void RequireNothingOfNccl(ProcessOptions process, string why) => Refuse(
        [
            .. process.Device >= 0 ? ["--device"] : Array.Empty<string>(),
            .. process.NcclLibrary is not null ? ["--nccl-lib"] : Array.Empty<string>(),
        ],
        why);

    private static void Refuse(string[] asked, string why)
    {
        if (asked.Length > 0)
            throw Refusal($"{string.Join(", ", asked)}: NCCL's alone, and this run is on the host backend ({why})");
    }

    /// <summary>Refuses what came with a later NCCL, by name.</summary>
    private static void RequireVersion(RunOptions options, string version)
    {
        bool hasFloat8 = options.DataTypes.Any(type => type.Size() == 1 && type.IsFloatingPoint());
        (bool Asked, string What, int Minor)[] needs =
        [
            (hasFloat8, "--dtype: 8-bit floating point", 24),
            (options.Register == Registration.Local, "--register local", 19),
            (options.Register == Registration.Symmetric, "--register symmetric", 27),
            (options.CtaPolicy == CtaPolicy.Efficiency, "--cta-policy efficiency", 27),
            (options.CtaPolicy == CtaPolicy.Zero, "--cta-policy zero", 28),
        ];
        foreach ((bool asked, string what, int minor) in needs)
        {
            if (asked && Version.TryParse(version, out Version? parsed) && parsed < new Version(2, minor))
                throw Refusal($"{what} needs NCCL 2.{minor} or newer, and this is {version}");
        }
    }

    private static RunException Refusal(string message) =>
        new(new Failure(FailureKind.Error, message) { Step = Step });

    /// <summary>The offer that <paramref name="process"/> sent.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    internal static NcclOffer ReadOffer(ReadOnlySpan<byte> json, ProcessInfo process) => PayloadJson.Read(
        json, BackendJson.Default.NcclOffer, $"what {PayloadJson.NameOf(process)} has for NCCL",
        offer => PayloadJson.IsWhole(offer.Missing) && PayloadJson.IsWhole(offer.Gpus) && (!offer.IsReady || offer.Version is not null));

    /// <summary>The server's choice for a world of so many ranks.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    internal static BackendDecision Read(ReadOnlySpan<byte> json, int worldSize) => PayloadJson.Read(
        json, BackendJson.Default.BackendDecision, "the server's choice of the backend",
        decision => decision.Backend == Backend.Host
            || (decision.Backend == Backend.Nccl && decision.NcclVersion is not null && decision.Gpus.Count == worldSize
                && decision.Gpus.Select((gpu, rank) => gpu?.Gpu is not null && gpu.Rank == rank).All(sound => sound)));
}

/// <summary>The form in which offers and the decision travel on the control connection.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NcclOffer))]
[JsonSerializable(typeof(BackendDecision))]
internal sealed partial class BackendJson : JsonSerializerContext;
