using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nperf.Core;
using Nperf.Core.Benchmarking;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Machine;
using Nperf.Core.NcclBackend;
using Nperf.Core.NcclLog;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Topology;

namespace Nperf.Fuzz.Targets;

/// <summary>What processes of a run exchange as payloads.</summary>
internal static class RunTargets
{
    private static readonly Type[] Refused = [typeof(RunException)];
    private static readonly ProcessInfo Peer = ThisProcess.Describe(1, 1, 1, "10.0.0.2");
    private static readonly ProcessInfo Self = ThisProcess.Describe(0, 0, 1, "10.0.0.1");
    private static readonly World Two = new([Self, Peer]);
    private static readonly RunOptions Options = new();
    private static readonly SectionPlan Section = new(
        Core.Collectives.Operations.Find("allreduce")!, Core.Data.DataType.Float32, Core.Data.Reduction.Sum, Root: 0)
    { Sizes = [1024] };

    public static IEnumerable<Target> All { get; } =
    [
        new Target<byte[][]>(
            "payload-list",
            random => PayloadList.Pack(random.Several(5, () => random.Bytes(random.Below(60)))),
            input => [.. PayloadList.Unpack(input.ToArray())])
        {
            Refusals = Refused,
            Encode = PayloadList.Pack,
            Holds = (list, input) => PayloadList.Pack(list).AsSpan().SequenceEqual(input),
        },
        new Target<Boxed<Core.Benchmarking.Batch>>(
            "batch",
            random => new Core.Benchmarking.Batch(random.Pick(Enum.GetValues<BatchKind>()), random.Below(1 << 20)).ToBytes(),
            input => new(Core.Benchmarking.Batch.FromBytes(input.Span)))
        {
            Refusals = Refused,
            Encode = batch => batch.Value.ToBytes(),
        },
        new Target<PeerOrder>(
            "peer-order",
            random => new PeerOrder(
                random.OneIn(2) ? Core.Collectives.PeerExchange.Ring(4, [0, 3, 1]) : Core.Collectives.PeerExchange.Turns(4, [(0, 2), (1, 3)]),
                random.From(1, 4096)).ToBytes(),
            input => PeerOrder.FromBytes(input.Span, 4, 4096))
        {
            Refusals = Refused,
            Encode = order => order.ToBytes(),
        },
        new Target<PeerTimes>(
            "peer-times",
            random => PeerTimes.Pack(random.Below(1000) / 3.0, random.OneIn(2) ? null : random.Below(9)),
            input => PeerTimes.Unpack([input.ToArray()]))
        {
            Refusals = Refused,
            Encode = times => PeerTimes.Pack(times.Us[0], times.Wrong[0]),
        },
        Json("measurement", Measured, MeasurementJson.Default.RankMeasurement, input =>
        {
            RankMeasurement own = RankPayloads.Measurement(input, 1);
            SizeResult result = SizeSummary.Of(Section, 1, 1024, 256, 2, default, [own, own]);
            _ = RankPayloads.SizeResult(JsonSerializer.SerializeToUtf8Bytes(result, ResultsJson.Default.SizeResult));
            return own;
        }),
        Json(
            "size-result",
            random => SizeSummary.Of(Section, 1, 1024, 256, 2, default, [Measured(random), Measured(random)]),
            ResultsJson.Default.SizeResult, input => RankPayloads.SizeResult(input)),
        Json("nccl-section", Nccl, ResultsJson.Default.NcclSection, input =>
        {
            NcclSection section = RankPayloads.NcclSection(input);
            _ = NcclTransports.Summarise(NcclSections.Merge([section, section]).Connections);
            return section;
        }),
        Json("nccl-offer", Offer, BackendJson.Default.NcclOffer, input =>
        {
            NcclOffer offer = BackendDecision.ReadOffer(input, Peer);
            BackendDecision decision = BackendDecision.Decide(Two, Options, [Offered, offer]);
            _ = BackendDecision.Read(JsonSerializer.SerializeToUtf8Bytes(decision, BackendJson.Default.BackendDecision), Two.Size);
            return offer;
        }),
        Json("backend-decision", Decision, BackendJson.Default.BackendDecision, input => BackendDecision.Read(input, 2)),
        new Target<Boxed<Native.NcclUniqueId>>(
            "nccl-id", random => random.Bytes(Native.NcclUniqueId.Bytes), input => new(NcclFabric.ReadId(input.Span, 0)))
        {
            Refusals = Refused,
            Encode = id => id.Value.ToArray(),
        },
        Json("data-endpoint", Endpoints, DataEndpointJson.Default.DataEndpointArray, input =>
        {
            DataEndpoint[] endpoints = DataEndpoint.Read(input, Peer);
            _ = endpoints.Sum(endpoint => endpoint.Candidates(Self, Peer).Count());
            _ = DataInterface.Of(endpoints);
            return endpoints;
        }),
        Json(
            "data-endpoints", random => [Endpoints(random), Endpoints(random)], DataEndpointJson.Default.DataEndpointArrayArray,
            input => DataEndpoint.ReadTable(input, 2)),
        Json("topology", Topology, TopologyJson.Default.HostTopology, input =>
        {
            HostTopology topology = TopologyRun.Parse(input, Peer);
            _ = HostTopologies.Of([topology, topology]);
            return topology;
        }),
    ];

    private static NcclOffer Offered => new() { Missing = [], Library = "/usr/lib/libnccl.so.2", Version = "2.28.9", Gpus = [Gpu(0)] };

    private delegate T Reader<T>(ReadOnlySpan<byte> input);

    private static Target<T> Json<T>(string name, Func<Prng, T> generate, JsonTypeInfo<T> form, Reader<T> read)
        where T : class => new(
        name, random => JsonSerializer.SerializeToUtf8Bytes(generate(random), form), input => read(input.Span))
        {
            Refusals = Refused,
            FixedBytes = 64 << 10,
            BytesPerByte = 256,
            Encode = value => JsonSerializer.SerializeToUtf8Bytes(value, form),
        };

    private static RankMeasurement Measured(Prng random) => new()
    {
        Rank = random.Below(8),
        Iterations = random.From(1, 1000),
        OwnUs = random.Below(100_000) / 7.0,
        CompleteUs = random.Below(100_000) / 7.0,
        EnqueueUs = random.Below(100) / 7.0,
        SamplesUs = random.Several(20, () => random.Below(1000) / 3.0),
        Blocks = random.Several(5, () => new WaitBlock(random.Below(1000) / 3.0, random.Below(1000) / 7.0, random.Below(10) / 7.0)),
        Waiting = random.OneIn(2) ? null : random.Below(9) / 8.0,
        Wrong = random.OneIn(2) ? null : random.Below(3),
        FirstWrong = random.OneIn(4) ? new WrongElement(random.Below(99), "1", "2") : null,
        PeakMemoryBytes = random.Below(1 << 30),
    };

    private static NcclSection Nccl(Prng random) => new()
    {
        Network = random.OneIn(4) ? null : "IB",
        NetworkDevices = random.Several(3, () => $"mlx5_{random.Below(8)}:1/IB"),
        Nodes = random.Below(9),
        Channels = random.Below(32),
        InitMs = random.Below(1000),
        Connections = random.Several(4, () => new ConnectionSection
        {
            From = random.OneIn(8) ? null : random.Below(8),
            To = random.OneIn(8) ? null : random.Below(8),
            Transport = "NET/IB/GDRDMA",
            SendRecv = random.OneIn(2),
            Channels = random.Below(32),
            Devices = random.Several(3, () => random.Below(8)),
        }),
        Warnings = random.Several(2, () => random.Word()),
    };

    private static Gpu Gpu(int number) => new(number, "NVIDIA H100", 80L << 30, $"0000:{number + 16:x2}:00.0", $"GPU-{number}");

    private static NcclOffer Offer(Prng random) => random.OneIn(4)
        ? new NcclOffer { Missing = ["a CUDA driver"] }
        : Offered with
        {
            CudaVersion = "12.9",
            DriverVersion = "575.1",
            Gpus = [Gpu(1), .. random.Several(3, () => Gpu(random.From(2, 100)))],
            FirstDevice = random.OneIn(4) ? 0 : -1,
        };

    private static BackendDecision Decision(Prng random) => random.OneIn(2)
        ? new BackendDecision(Backend.Host, $"no NCCL: {random.Word()}", [], null)
        : new BackendDecision(Backend.Nccl, "NCCL 2.28.9", [new RankGpu(0, Gpu(random.Below(8))), new RankGpu(1, Gpu(random.Below(8)))], "2.28.9");

    private static DataEndpoint[] Endpoints(Prng random) => random.OneIn(2)
        ? [Endpoint(random)]
        : [.. Enumerable.Range(0, random.From(1, 4)).Select(i => new DataEndpoint(40000 + i, [$"10.{i}.0.1"]) { Interface = $"eth{i}" })];

    private static DataEndpoint Endpoint(Prng random) => new(
        random.Below(65536), random.Several(4, () => random.Pick(["10.0.0.1", "fd00::1", "127.0.0.1", "fe80::1%2", "192.0.2.200"])));

    private static HostTopology Topology(Prng random)
    {
        int gpus = random.Below(4), nics = random.Below(3);
        string[] devices = [.. Enumerable.Range(0, gpus).Select(i => $"GPU{i}"), .. Enumerable.Range(0, nics).Select(i => $"NIC{i}")];
        return new HostTopology
        {
            Host = random.Word(),
            Cpus = "0-63",
            NumaNodes = random.Several(2, () => new NumaNodeSection(random.Below(2), "0-31")),
            Gpus = [.. Enumerable.Range(0, gpus).Select(i => new GpuSection
            {
                Host = "node1", Id = i, Name = "H100", Uuid = $"GPU-{i}", PciBusId = $"0000:1{i}:00.0", PciPath = null, NumaNode = 0,
                CpuAffinity = "0-31", NvLinks = 18,
            })],
            Nics = [.. Enumerable.Range(0, nics).Select(i => new NicSection
            {
                Name = $"mlx5_{i}", Rdma = true, Interfaces = ["eth0"], LinkLayer = "InfiniBand", Speed = 400, PciBusId = "0000:17:00.0",
                PciPath = null, NumaNode = 0, CpuAffinity = null,
            })],
            Links = gpus > 1
                ? [new LinkSection { Host = "node1", From = 0, To = 1, Type = "NVLink", Count = 18, Bandwidth = 450, ViaSwitch = true }]
                : [],
            NvSwitches = random.Below(5),
            Devices = devices,
            Matrix = [.. devices.Select(row => devices.Select(column => row == column ? "X" : "SYS").ToArray())],
            Notes = random.Several(2, () => random.Word()),
        };
    }
}
