using System.Text;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Reports;

namespace Nperf;

/// <summary><c>nperf report</c>: documents of runs as a page, or a chart of them as a picture.</summary>
internal static class ReportCommand
{
    private const string ToWhat = "reported";

    /// <summary>Reads, draws and writes; returns the exit code.</summary>
    public static int Execute(ReportOptions options)
    {
        try
        {
            if (options.Output is null && !Console.IsOutputRedirected)
                throw new RunException(FailureKind.Usage, $"a report is not for a terminal: -o report.{options.Format.ToString().ToLowerInvariant()}");
            if (options.Output is not null) OutputFile.Check(options.Output);
            IReadOnlyList<string> files = DocumentPaths.Of(options.Files, ToWhat);
            if (options.Output is not null && files.Any(file => Path.GetFullPath(file) == Path.GetFullPath(options.Output)))
                throw new RunException(FailureKind.Usage, $"{options.Output} is one of the documents, which the report would replace: name another file with -o");
            if (files.Count > LineChart.MostLines)
                throw new RunException(FailureKind.Usage, $"{files.Count} runs are more than can be told apart in a chart: at most {LineChart.MostLines}");
            IReadOnlyList<ReportRun> runs = ReportRun.Of([.. files.Select(file => (file, DocumentFile.Read(file, ToWhat)))]);
            if (options.Only is { } only && ResultGroup.Of(runs, only).Count == 0)
            {
                string[] names = [.. ResultGroup.Of(runs).Select(group => group.Name).DefaultIfEmpty("no results")];
                throw new RunException(FailureKind.Usage, $"--only '{only}' is in the name of no result; there is {string.Join(", ", names)}");
            }

            DocumentWriter.Write(Draw(runs, options), options.Output);
            return ExitCode.Done;
        }
        catch (RunException exception)
        {
            StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(exception.Failure));
            return ExitCode.Of(exception.Failure);
        }
    }

    private static byte[] Draw(IReadOnlyList<ReportRun> runs, ReportOptions options)
    {
        if (options.Format == ReportFormat.Html) return Encoding.UTF8.GetBytes(ReportPage.Build(runs, options.Only).Text);
        byte[] svg = Encoding.UTF8.GetBytes(ChartPicture.Draw(runs, options.Only, options.Figure).Text);
        return options.Format == ReportFormat.Svg ? svg : Browser.ToPng(svg, LineChart.Width, ChartPicture.HeightOf(options.Figure));
    }
}
