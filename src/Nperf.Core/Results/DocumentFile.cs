using System.Text.Json;

namespace Nperf.Core.Results;

/// <summary>Reads documents that <c>nperf -J</c> wrote.</summary>
internal static class DocumentFile
{
    /// <summary>What is said of a file that holds something else.</summary>
    internal const string IsNone = "it is no document of nperf -J";

    /// <summary>Many times what a run of thousands of ranks writes; what is read takes a few times as much memory.</summary>
    private const long MostBytes = 512L << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="toWhat">What is to be done with it, for what is said where it cannot: <c>compared</c>.</param>
    /// <exception cref="RunException">It cannot be read, or is no such document.</exception>
    public static ResultsDocument Read(string path, string toWhat)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.CanSeek && file.Length > MostBytes) throw Refused(path, toWhat, $"it has more than {MostBytes >> 20} MiB");
            return Parse(path, file, toWhat);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            bool isMissing = cause is FileNotFoundException or DirectoryNotFoundException;
            throw Refused(path, toWhat, isMissing ? "there is no such file" : cause.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }

    /// <summary>Reads what such a file holds.</summary>
    internal static ResultsDocument Parse(string name, Stream text, string toWhat)
    {
        try
        {
            ResultsDocument document = JsonSerializer.Deserialize(text, ResultsJson.Default.ResultsDocument) ?? throw Refused(name, toWhat, "it is empty");
            return IsWhole(document) ? document : throw Refused(name, toWhat, IsNone);
        }
        catch (JsonException)
        {
            throw Refused(name, toWhat, IsNone);
        }
    }

    /// <summary>What is said of a document that something cannot be done with.</summary>
    internal static RunException Refused(string name, string toWhat, string reason) => new(FailureKind.Usage, $"{name} cannot be {toWhat}: {reason}");

    /// <summary>Whether nothing in it is null that the form does not say of: the elements of lists, which the reader does not look at.</summary>
    private static bool IsWhole(ResultsDocument document) =>
        Are(document.Results, result => Are(result.Ranks)) && Are(document.Notes)
        && Are(document.Processes, process => Are(process.Gpus) && Are(process.Interfaces)) && Are(document.Topology.Gpus) && Are(document.Topology.Links)
        && Are(document.Nccl?.Connections) && Are(document.Nccl?.Warnings) && Are(document.Nccl?.NetworkDevices) && Are(document.Config.AlgorithmTable)
        && Are(document.Pairs?.Links) && Are(document.Pairs?.Classes) && Are(document.Pairs?.Outliers) && Are(document.Stragglers)
        && Are(document.FindSlow?.Steps) && Are(document.FindSlow?.Slow) && Are(document.FindSlow?.NextSteps)
        && Are(document.Expectations, expectation => Are(expectation.Failures)) && document.Environment.Variables.Values.All(value => value is not null);

    private static bool Are<T>(IEnumerable<T>? elements, Func<T, bool>? areWhole = null) =>
        elements is null || elements.All(element => element is not null && (areWhole is null || areWhole(element)));
}
