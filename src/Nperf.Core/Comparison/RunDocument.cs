using Nperf.Core.Results;

namespace Nperf.Core.Comparison;

/// <summary>The document of a run that is to be compared.</summary>
/// <param name="Name">The file.</param>
/// <param name="Document">What stands in it.</param>
internal sealed record RunDocument(string Name, ResultsDocument Document)
{
    /// <summary>A picosecond and three decades: nothing that was measured, and no ratio of two is infinite.</summary>
    private const double ShortestUs = 1e-6, LongestUs = 1e15;

    private const string ToWhat = "compared";

    /// <summary>Reads a file that <c>nperf -J</c> wrote.</summary>
    /// <exception cref="RunException">It cannot be read, is none, or tells nothing to compare.</exception>
    public static RunDocument Read(string path) => Of(path, DocumentFile.Read(path, ToWhat));

    /// <summary>Reads what such a file holds.</summary>
    /// <exception cref="RunException">It is none, or tells nothing to compare.</exception>
    internal static RunDocument Parse(string name, Stream text) => Of(name, DocumentFile.Parse(name, text, ToWhat));

    private static RunDocument Of(string name, ResultsDocument document)
    {
        if (document.Error is { Code: not ResultsDocument.ExpectationsNotMet } error) throw Refused(name, $"the run did not end well: {error.Message}");
        if (document.Results.Count == 0) throw Refused(name, document.Pairs is null ? "it has no results" : "it has pairs of ranks, which are not compared");
        if (!document.Results.All(result => IsTime(result.TimeUs.Avg))) throw Refused(name, DocumentFile.IsNone);
        if (document.Results.Any(result => result.BlocksUs is not { Count: > 0 } || !result.BlocksUs.All(IsTime)))
            throw Refused(name, "it has no single times to tell noise from, as an older nperf wrote it; run it again");
        return new RunDocument(name, document);
    }

    private static RunException Refused(string name, string reason) => DocumentFile.Refused(name, ToWhat, reason);

    private static bool IsTime(double us) => us is >= ShortestUs and <= LongestUs;
}
