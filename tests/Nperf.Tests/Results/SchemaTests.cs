using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NJsonSchema;
using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.Topology;

namespace Nperf.Tests.Results;

public class SchemaTests
{
    private static readonly Dictionary<string, ResultsDocument> AllDocuments = new()
    {
        ["complete"] = Documents.Complete(Documents.Size(), Documents.Size(2048, reduceOp: null, root: 1, operation: "broadcast")),
        ["barrier"] = Documents.Complete(Documents.Barrier()),
        ["one rank"] = Documents.Complete(Documents.Size(ranks: 1)),
        ["not checked"] = Documents.Complete(Documents.Size(wrong: null)),
        ["wrong"] = Documents.Complete(Documents.Size(wrong: 3)),
        ["nothing measured"] = Documents.Complete() with
        {
            Error = new ErrorSection { Code = "peerLost", Message = "lost", Rank = 1, Host = "node2", Step = "allreduce" },
        },
        ["bare error"] = Documents.Complete(Documents.Size()) with
        {
            Error = new ErrorSection { Code = "interrupted", Message = "interrupted" },
        },
        ["with expectations"] = Documents.Complete(Documents.Size()) with
        {
            Expectations = [Expected(missedBy: 0.5), Expected(missedBy: null)],
            Error = new ErrorSection { Code = ResultsDocument.ExpectationsNotMet, Message = "not as expected" },
        },
        ["with a straggler"] = Documents.Complete(Documents.Size() with { Lateness = Late }) with
        {
            Stragglers = [new StragglerSection { Rank = 1, Host = "node2", Lost = 0.31, Blocks = 12, Late = 11, Sending = true }],
        },
        ["with a precision"] = Documents.Complete(
            Documents.Size() with { Precision = new(0.01, 0.008, 12) }, Documents.Size() with { Precision = new(0.01, null, 1) }),
        ["with GPUs"] = Documents.Complete() with
        {
            Topology = TopologySection.Of([Topologies.Switched(), Topologies.Linked()]),
        },
        ["with NCCL"] = Documents.Complete(Documents.Size() with { Algorithm = "nvls", Protocol = "simple", Channels = 16 }) with
        {
            Nccl = Documents.Nccl,
        },
        ["of pairs"] = Documents.Complete() with { Pairs = Documents.Pairs, FindSlow = Documents.FindSlow },
        ["with NCCL that tells nothing"] = Documents.Complete() with { Nccl = new NcclSection() },
    };

    private static LatenessSection Late { get; } = new()
    {
        Blocks = 12,
        HeldUp = 11,
        Seconds = 0.14,
        Ranks = [new LateRank { Rank = 1, Blocks = 11, Sending = 7, LostSeconds = 0.04 }],
    };

    private static ExpectationSection Expected(double? missedBy) => new()
    {
        Expectation = "busbw >= 300 @ 1M",
        Met = false,
        Checked = 1,
        Failures =
        [
            new ExpectationFailure
            {
                Operation = "allreduce", DataType = "float32", ReduceOp = "sum", Root = null, InPlace = false, Cycle = 1,
                Bytes = 1 << 20, Value = 150, Unit = "GB/s", MissedBy = missedBy,
            },
        ],
    };

    public static TheoryData<string> Names => [.. AllDocuments.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Documents_agree_with_the_schema(string name)
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(Documents.SchemaPath, TestContext.Current.CancellationToken);

        Assert.Empty(schema.Validate(Json(AllDocuments[name])));
    }

    [Theory]
    [InlineData("version")]
    [InlineData("config.numGpus")]
    [InlineData("results.0.timeUs.p99")]
    [InlineData("results.0.ranks.0.peakMemoryBytes")]
    [InlineData("environment.ncclVersion")]
    [InlineData("processes.1.address")]
    public async Task A_document_without_a_field_does_not_agree(string path)
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(Documents.SchemaPath, TestContext.Current.CancellationToken);
        JsonNode document = JsonNode.Parse(Json(AllDocuments["complete"]))!;
        string[] steps = path.Split('.');
        JsonNode parent = steps[..^1].Aggregate(
            document, (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);
        Assert.True(parent.AsObject().Remove(steps[^1]));

        Assert.NotEmpty(schema.Validate(document.ToJsonString()));
    }

    [Theory]
    [InlineData("\"bytes\": 1048576", "\"bytes\": \"1M\"")]
    [InlineData("\"wrong\": 0", "\"wrong\": false")]
    [InlineData("\"mode\": \"server\"", "\"mode\": \"pigeon\"")]
    [InlineData("\"busBandwidth\": ", "\"busBandwidth\": -")]
    public async Task A_document_with_another_kind_of_value_does_not_agree(string right, string wrong)
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(Documents.SchemaPath, TestContext.Current.CancellationToken);
        string json = Json(AllDocuments["complete"]);
        Assert.Contains(right, json);

        Assert.NotEmpty(schema.Validate(json.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", typeof(ResultsDocument))]
    [InlineData("config", typeof(ConfigSection))]
    [InlineData("result", typeof(SizeResult))]
    [InlineData("times", typeof(TimeStatistics))]
    [InlineData("rank", typeof(RankResult))]
    [InlineData("wrongElement", typeof(WrongElement))]
    [InlineData("lateness", typeof(LatenessSection))]
    [InlineData("lateRank", typeof(LateRank))]
    [InlineData("precision", typeof(PrecisionSection))]
    [InlineData("straggler", typeof(StragglerSection))]
    [InlineData("nccl", typeof(NcclSection))]
    [InlineData("connection", typeof(ConnectionSection))]
    [InlineData("process", typeof(ProcessSection))]
    [InlineData("topology", typeof(TopologySection))]
    [InlineData("gpu", typeof(GpuSection))]
    [InlineData("link", typeof(LinkSection))]
    [InlineData("environment", typeof(EnvironmentSection))]
    [InlineData("error", typeof(ErrorSection))]
    [InlineData("expectation", typeof(ExpectationSection))]
    [InlineData("expectationFailure", typeof(ExpectationFailure))]
    [InlineData("pairs", typeof(PairsSection))]
    [InlineData("pairLink", typeof(PairLink))]
    [InlineData("pairClass", typeof(PairClass))]
    [InlineData("outlier", typeof(OutlierSection))]
    [InlineData("findSlow", typeof(FindSlowSection))]
    [InlineData("findSlowStep", typeof(FindSlowStep))]
    public void Schema_and_records_have_the_same_fields_and_each_is_described(string definition, Type record)
    {
        JsonNode schema = JsonNode.Parse(File.ReadAllText(Documents.SchemaPath))!;
        JsonNode section = definition.Length == 0 ? schema : schema["definitions"]![definition]!;
        JsonObject properties = section["properties"]!.AsObject();
        PropertyInfo[] fields = record.GetProperties(BindingFlags.Public | BindingFlags.Instance);

        Assert.Equal(
            fields.Select(Name).Order(StringComparer.Ordinal),
            properties.Select(property => property.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            fields.Where(field => field.GetCustomAttribute<JsonIgnoreAttribute>() is null).Select(Name)
                .Order(StringComparer.Ordinal),
            section["required"]!.AsArray().Select(name => name!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.NotNull(section["description"]);
        Assert.All(
            properties, property => Assert.True(property.Value!["description"] is not null || property.Value["$ref"] is not null));
    }

    [Fact]
    public void Fields_that_may_be_null_in_the_records_may_be_null_in_the_schema()
    {
        JsonNode schema = JsonNode.Parse(File.ReadAllText(Documents.SchemaPath))!;
        var context = new NullabilityInfoContext();
        (string Definition, Type Record)[] sections =
        [
            ("config", typeof(ConfigSection)), ("result", typeof(SizeResult)), ("rank", typeof(RankResult)),
            ("environment", typeof(EnvironmentSection)), ("error", typeof(ErrorSection)),
            ("process", typeof(ProcessSection)), ("times", typeof(TimeStatistics)), ("nccl", typeof(NcclSection)),
            ("connection", typeof(ConnectionSection)),
            ("gpu", typeof(GpuSection)),
            ("expectationFailure", typeof(ExpectationFailure)),
            ("pairLink", typeof(PairLink)), ("outlier", typeof(OutlierSection)),
            ("link", typeof(LinkSection)),
        ];
        foreach ((string definition, Type record) in sections)
        {
            foreach (PropertyInfo field in record.GetProperties())
            {
                if (field.GetCustomAttribute<JsonIgnoreAttribute>() is not null) continue;
                bool mayBeNull = context.Create(field).ReadState == NullabilityState.Nullable;
                JsonNode property = schema["definitions"]![definition]!["properties"]![Name(field)]!;
                Assert.Equal(mayBeNull, property["type"] is JsonArray);
            }
        }
    }

    [Fact]
    public void Numbers_that_JSON_does_not_have_are_an_error_and_never_written()
    {
        SizeResult impossible = Documents.Size() with { Bandwidth = double.NaN };

        Assert.Throws<Nperf.Core.RunException>(() => DocumentWriter.Serialize(Documents.Complete(impossible)));
    }

    private static string Json(ResultsDocument document) => Encoding.UTF8.GetString(DocumentWriter.Serialize(document));

    private static string Name(PropertyInfo field) => JsonNamingPolicy.CamelCase.ConvertName(field.Name);
}
