using System.Text.Json;
using NJsonSchema;
using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

/// <summary>The document of a run on GPUs of the stand-in.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class NcclDocumentTests : IDisposable
{
    private readonly StandInRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task It_follows_the_schema_and_says_what_ran_on_what()
    {
        JsonElement document = _run.Document("--op allreduce,alltoall -b 1K -B 1M -S 1024 -i 3 -w 1");

        JsonSchema schema = await JsonSchema.FromFileAsync(Results.Documents.SchemaPath, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(document.ToString()));

        JsonElement environment = document.GetProperty("environment");
        Assert.Equal("2.28.9", environment.GetProperty("ncclVersion").GetString());
        Assert.Equal(StandInGpu.Library, environment.GetProperty("ncclLibrary").GetString());
        Assert.Matches(@"^\d+\.\d+$", environment.GetProperty("cudaVersion").GetString());
        Assert.Matches(@"^\d+\.\d+", environment.GetProperty("driverVersion").GetString());

        JsonElement[] gpus = [.. document.GetProperty("topology").GetProperty("gpus").EnumerateArray()];
        Assert.Equal([0, 1], gpus.Select(gpu => gpu.GetProperty("id").GetInt32()));
        Assert.Equal(
            gpus.Select(gpu => gpu.GetProperty("uuid").GetString()),
            document.GetProperty("processes").EnumerateArray()
                .SelectMany(process => process.GetProperty("gpus").EnumerateArray()).Select(uuid => uuid.GetString()));

        JsonElement nccl = document.GetProperty("nccl");
        Assert.Equal("Socket", nccl.GetProperty("network").GetString());
        Assert.Equal(2, nccl.GetProperty("channels").GetInt32());
        Assert.Contains(nccl.GetProperty("connections").EnumerateArray(), connection =>
            connection.GetProperty("from").GetInt32() == 0 && connection.GetProperty("to").GetInt32() == 1
            && connection.GetProperty("transport").GetString() == "P2P/CUMEM");

        Assert.Equal(
            [("allreduce", 1024, "ring", "ll", 1), ("allreduce", 1 << 20, "ring", "simple", 2)],
            document.GetProperty("results").EnumerateArray().Take(2).Select(result => (
                result.GetProperty("operation").GetString(), result.GetProperty("bytes").GetInt32(),
                result.GetProperty("algorithm").GetString(), result.GetProperty("protocol").GetString(),
                result.GetProperty("channels").GetInt32())));
        Assert.Equal(JsonValueKind.Null, document.GetProperty("results")[2].GetProperty("algorithm").ValueKind);
    }

    [Fact]
    public void Wrong_results_are_named_by_rank_and_index_and_end_with_code_3()
    {
        // Every collective of rank 1 among the first hundred, whichever of them is the checked one.
        string all = string.Join(',', Enumerable.Range(1, 100).Select(number => $"{number}:1"));
        using RunningProcess nperf = _run.Start("-b 4K -J", ("STANDIN_WRONG", all));
        nperf.ExpectExit(3);

        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        JsonElement error = document.GetProperty("error");
        Assert.Equal(("wrongResults", 1), (error.GetProperty("code").GetString(), error.GetProperty("rank").GetInt32()));
        JsonElement[] ranks = [.. document.GetProperty("results")[0].GetProperty("ranks").EnumerateArray()];
        Assert.Equal([0, 1], ranks.Select(rank => rank.GetProperty("wrong").GetInt32()));
        Assert.Equal(512, ranks[1].GetProperty("firstWrong").GetProperty("index").GetInt32());

        using RunningProcess table = _run.Start("-b 4K", ("STANDIN_WRONG", all));
        table.ExpectExit(3);
        Assert.Matches("(?m)^  wrong: rank 1: 1 element, the first at index 512: expected \\S+, found \\S+$", table.Output);
    }
}
