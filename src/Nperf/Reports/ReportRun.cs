using Nperf.Core.Results;

namespace Nperf.Reports;

/// <summary>A run that a report is of.</summary>
/// <param name="Name">What it is called there: its file without folder and ending, where that is enough to tell it from the others.</param>
/// <param name="File">The file as it was named.</param>
/// <param name="Document">What stands in it.</param>
internal sealed record ReportRun(string Name, string File, ResultsDocument Document)
{
    /// <summary>The runs of <paramref name="documents"/>, with names that tell them apart.</summary>
    public static IReadOnlyList<ReportRun> Of(IReadOnlyList<(string File, ResultsDocument Document)> documents)
    {
        string[] names = [.. documents.Select(one => Path.GetFileNameWithoutExtension(one.File))];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length) names = [.. documents.Select(one => one.File)];
        return [.. documents.Select((one, index) => new ReportRun(
            names.Count(name => name == names[index]) == 1 ? names[index] : $"{names[index]} ({index + 1})", one.File, one.Document))];
    }

    /// <summary>The host of <paramref name="rank"/>, or null where the document does not say.</summary>
    public string? HostOf(int rank) => Document.Processes.FirstOrDefault(process => process.Ranks.Contains(rank))?.Host;

    /// <summary>The GPU of <paramref name="rank"/>, or null where it has none.</summary>
    public GpuSection? GpuOf(int rank)
    {
        ProcessSection? process = Document.Processes.FirstOrDefault(process => process.Ranks.Contains(rank));
        string? uuid = process?.Gpus?.ElementAtOrDefault(process.Ranks.ToList().IndexOf(rank));
        return uuid is null ? null : Document.Topology.Gpus.FirstOrDefault(gpu => gpu.Uuid == uuid && gpu.Host == process!.Host);
    }

    /// <summary>Where <paramref name="rank"/> is, for people: <c>node1, GPU 3</c>.</summary>
    public string PlaceOf(int rank) =>
        (HostOf(rank) ?? "unknown host") + (GpuOf(rank) is { } gpu ? $", GPU {gpu.Id}" : "");
}
