using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>Reads the documents that nperf writes.</summary>
internal static class ResultsDocuments
{
    /// <summary>Parses a text that must be one JSON document and nothing else.</summary>
    public static JsonElement Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static JsonElement Read(string file) => Parse(File.ReadAllText(file));

    public static long[] Sizes(this JsonElement document) =>
        [.. document.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("bytes").GetInt64())];

    public static int Ranks(this JsonElement document) =>
        document.GetProperty("config").GetProperty("numGpus").GetInt32();

    /// <summary>Asserts that every size was checked and nothing was wrong.</summary>
    public static void AssertCorrect(this JsonElement document)
    {
        Assert.False(document.TryGetProperty("error", out JsonElement error), error.ToString());
        foreach (JsonElement result in document.GetProperty("results").EnumerateArray())
            Assert.Equal(0, result.GetProperty("wrong").GetInt64());
    }
}
