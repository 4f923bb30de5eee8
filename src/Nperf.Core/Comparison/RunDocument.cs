using System.Text.Json;
using Nperf.Core.Results;

namespace Nperf.Core.Comparison;

/// <summary>The document of a run that is to be compared.</summary>
/// <param name="Name">The file.</param>
/// <param name="Document">What stands in it.</param>
internal sealed record RunDocument(string Name, ResultsDocument Document)
{
    /// <summary>A picosecond and three decades: nothing that was measured, and no ratio of two is infinite.</summary>
    private const double ShortestUs = 1e-6, LongestUs = 1e15;

    /// <summary>Reads a file that <c>nperf -J</c> wrote.</summary>
    /// <exception cref="RunException">It cannot be read, is none, or tells nothing to compare.</exception>
    public static RunDocument Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            return Parse(path, file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            bool isMissing = cause is FileNotFoundException or DirectoryNotFoundException;
            throw Refused(path, isMissing ? "there is no such file" : cause.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }

    /// <summary>Reads what such a file holds.</summary>
    /// <exception cref="RunException">It is none, or tells nothing to compare.</exception>
    internal static RunDocument Parse(string name, Stream text)
    {
        try
        {
            ResultsDocument document = JsonSerializer.Deserialize(text, ResultsJson.Default.ResultsDocument)
                ?? throw Refused(name, "it is empty");
            if (document.Error is { Code: not ResultsDocument.ExpectationsNotMet } error) throw Refused(name, $"the run did not end well: {error.Message}");
            if (document.Results.Count == 0) throw Refused(name, "it has no results");
            if (!IsWhole(document)) throw Refused(name, "it is no document of nperf -J");
            if (document.Results.Any(result => result.BlocksUs is not { Count: > 0 } || !result.BlocksUs.All(IsTime)))
                throw Refused(name, "it has no single times to tell noise from, as an older nperf wrote it; run it again");
            return new RunDocument(name, document);
        }
        catch (JsonException)
        {
            throw Refused(name, "it is no document of nperf -J");
        }
    }

    private static RunException Refused(string name, string reason) => new(FailureKind.Usage, $"{name} cannot be compared: {reason}");

    /// <summary>Whether nothing in it is null that the form does not say of: elements, and times that are none.</summary>
    private static bool IsWhole(ResultsDocument document) =>
        document.Processes.All(process => process?.Ranks is not null) && document.Topology.Gpus.All(gpu => gpu?.Uuid is not null)
        && document.Results.All(result => result is not null && IsTime(result.TimeUs.Avg));

    private static bool IsTime(double us) => us is >= ShortestUs and <= LongestUs;
}
