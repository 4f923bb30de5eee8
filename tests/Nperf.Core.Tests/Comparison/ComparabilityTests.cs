using Nperf.Core.Comparison;
using Nperf.Core.Results;

namespace Nperf.Core.Tests.Comparison;

public class ComparabilityTests
{
    private static readonly ResultsDocument Run = new Runs(1).Next(0);

    [Fact]
    public void Runs_of_the_same_do_not_differ() => Assert.Empty(Comparability.Differences(Run, new Runs(2).Next(0.01)));

    public static TheoryData<string> Names => [.. Others.Keys];

    private static readonly Dictionary<string, (ResultsDocument Other, string Difference)> Others = new()
    {
        ["ranks"] = (Run with { Config = Run.Config with { NumGpus = 4 } }, "the ranks (2 and 4)"),
        ["backend"] = (Run with { Config = Run.Config with { Backend = "nccl" } }, "the backend (host and nccl)"),
        ["sync"] = (Run with { Config = Run.Config with { Sync = "op" } }, "--sync (none and op)"),
        ["type"] = (Results(result => result with { DataType = "int8" }), "the types (float32 and int8)"),
        ["operation"] = (Results(result => result with { Operation = "allgather" }), "the operations (allreduce and allgather)"),
        ["in place"] = (Results(result => result with { InPlace = true }), "--in-place (no and yes)"),
        ["sizes"] = (Run with { Results = [.. Run.Results.Skip(1)] }, "the sizes (1024 and none)"),
        ["GPUs"] = (
            Run with
            {
                Processes = [Run.Processes[0] with { Gpus = ["a", "b"] }],
                Topology = new TopologySection { Gpus = [Gpu("a", "H200"), Gpu("b", "H200")], Links = [] },
            },
            "the GPUs (none and 2 H200)"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void What_differs_is_named(string name)
    {
        Assert.Equal([Others[name].Difference], Comparability.Differences(Run, Others[name].Other));
    }

    private static ResultsDocument Results(Func<SizeResult, SizeResult> change) => Run with { Results = [.. Run.Results.Select(change)] };

    private static GpuSection Gpu(string uuid, string name) => new()
    {
        Host = "node1",
        Id = 0,
        Name = name,
        Uuid = uuid,
        PciBusId = "0000:00:00.0",
        PciPath = null,
        NumaNode = null,
        CpuAffinity = null,
        NvLinks = null,
    };
}
