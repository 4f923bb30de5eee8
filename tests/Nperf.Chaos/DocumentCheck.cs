using System.Text;
using System.Text.Json;
using NJsonSchema;

namespace Nperf.Chaos;

/// <summary>What a document says, as far as a run's end is judged by it.</summary>
/// <param name="Results">The sizes in it.</param>
/// <param name="ErrorCode">Why the run ended early, or null.</param>
/// <param name="ErrorRank">The rank in its error.</param>
/// <param name="Step">The step in its error.</param>
/// <param name="Message">The message in its error.</param>
/// <param name="Ranks">Each process's ranks by its id; empty where the processes never found each other.</param>
internal sealed record ResultsFacts(
    int Results, string? ErrorCode, int? ErrorRank, string? Step, string? Message, IReadOnlyDictionary<int, int[]> Ranks);

/// <summary>Holds documents against docs/results.schema.json.</summary>
internal sealed class DocumentCheck(string schema)
{
    private readonly JsonSchema _schema = JsonSchema.FromFileAsync(schema).GetAwaiter().GetResult();
    private readonly Lock _gate = new();

    /// <summary>True where <paramref name="text"/> is how a document begins, and more than that has to follow.</summary>
    public static bool IsPart(string text)
    {
        const string Begin = "{\n  \"schemaVersion\": ";
        if (!text.StartsWith(Begin[..Math.Min(Begin.Length, text.Length)], StringComparison.Ordinal)) return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
            }

            return reader.CurrentDepth > 0 || reader.TokenType != JsonTokenType.EndObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What <paramref name="text"/> says.</summary>
    /// <exception cref="FormatException">It is not whole or does not agree with the schema.</exception>
    public ResultsFacts Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            string[] problems;
            lock (_gate) problems = [.. _schema.Validate(text).Select(problem => problem.ToString())];
            if (problems.Length > 0) throw new FormatException($"does not agree with the schema: {problems[0]}");
            JsonElement root = json.RootElement;
            bool failed = root.TryGetProperty("error", out JsonElement error);
            string? Text(string name) => failed && error.GetProperty(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
            int? rank = failed && error.GetProperty("rank") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;
            return new ResultsFacts(
                root.GetProperty("results").GetArrayLength(), Text("code"), rank, Text("step"), Text("message"),
                root.GetProperty("processes").EnumerateArray().DistinctBy(one => one.GetProperty("processId").GetInt32()).ToDictionary(
                    one => one.GetProperty("processId").GetInt32(),
                    one => one.GetProperty("ranks").EnumerateArray().Select(value => value.GetInt32()).ToArray()));
        }
        catch (JsonException e)
        {
            throw new FormatException($"is not JSON: {e.Message}", e);
        }
    }
}
