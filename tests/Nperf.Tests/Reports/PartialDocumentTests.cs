using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nperf.Core;
using Nperf.Core.Results;
using Nperf.Reports;
using Nperf.Tests.Results;

namespace Nperf.Tests.Reports;

/// <summary>Documents of other versions, which have not every field that this one writes.</summary>
public class PartialDocumentTests
{
    private static readonly ResultsDocument Whole = Documents.Complete(Documents.Size()) with { Nccl = Documents.Nccl };

    [Fact]
    public void What_has_a_default_has_it_where_a_document_does_not_say()
    {
        JsonObject text = Text();
        foreach (string name in new[] { "wait", "pattern", "streams", "stepFactor", "spread" }) Assert.True(text["config"]!.AsObject().Remove(name));
        Assert.True(text["nccl"]!.AsObject().Remove("warnings"));
        ResultsDocument read = Read(text);

        ConfigSection config = read.Config;
        Assert.Equal(("auto", "collectives", 1, 2, 1), (config.Wait, config.Pattern, config.Streams, config.StepFactor, config.Spread));
        Assert.Empty(read.Nccl!.Warnings);
    }

    [Fact]
    public void Without_any_one_field_a_document_is_refused_or_reported()
    {
        string[][] places = [.. Places(Text(), [])];
        Assert.True(places.Length > 100);
        foreach (string[] place in places)
        {
            JsonObject text = Text();
            Parent(text, place).Remove(place[^1]);
            try
            {
                ReportPage.Build(ReportRun.Of([("run.json", Read(text))]));
            }
            catch (RunException refusal) when (refusal.Failure.Kind == FailureKind.Usage)
            {
                Assert.StartsWith("run.json cannot be reported: ", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    private static JsonObject Text() => JsonSerializer.SerializeToNode(Whole, ResultsJson.Default.ResultsDocument)!.AsObject();

    private static ResultsDocument Read(JsonObject text)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text.ToJsonString()));
        return DocumentFile.Parse("run.json", stream, "reported");
    }

    private static IEnumerable<string[]> Places(JsonNode? node, string[] path) => node switch
    {
        JsonObject section => section.SelectMany(field => Places(field.Value, [.. path, field.Key]).Prepend([.. path, field.Key])),
        JsonArray { Count: > 0 } list => Places(list[0], [.. path, "0"]),
        _ => [],
    };

    private static JsonObject Parent(JsonNode text, string[] place) =>
        place[..^1].Aggregate(text, (node, name) => node is JsonArray list ? list[0]! : node[name]!).AsObject();
}
