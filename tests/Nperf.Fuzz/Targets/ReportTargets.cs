using System.Text.Json;
using System.Xml.Linq;
using Nperf.Core;
using Nperf.Core.Results;
using Nperf.Core.Tests.Comparison;
using Nperf.Reports;

namespace Nperf.Fuzz.Targets;

/// <summary>Documents of others for <c>nperf report</c>.</summary>
internal static class ReportTargets
{
    private static readonly ResultsDocument Other = Runs.Of((1024, [10, 11, 10.5]), (4096, [20, 21, 20.5]));

    public static IEnumerable<Target> All { get; } =
    [
        new Target<ResultsDocument>("report-document", Document, input => DocumentFile.Parse("run.json", Read.Stream(input), "reported"))
        {
            Refusals = [typeof(RunException)],
            FixedBytes = 256 << 10,
            BytesPerByte = 256,
            Share = 50,
            Holds = (document, _) => IsReported(document),
        },
    ];

    private static byte[] Document(Prng random)
    {
        ResultsDocument document = Runs.Of((1L << random.Below(40), [random.From(1, 1000) / 8.0]), (1024, [1.5]));
        string word = random.Word();
        if (random.OneIn(2))
        {
            document = document with
            {
                Notes = [word],
                Config = document.Config with { Mode = random.Pick(["local", "server", "srun", "mpi", "torchrun", word]), Backend = word, Operation = word },
                Error = new ErrorSection { Code = "error", Message = word },
            };
        }

        return JsonSerializer.SerializeToUtf8Bytes(document, ResultsJson.Default.ResultsDocument);
    }

    // Alone and beside another: a page whose scripts are nperf's, and pictures that are XML.
    private static bool IsReported(ResultsDocument document)
    {
        foreach ((string, ResultsDocument)[] documents in new (string, ResultsDocument)[][] { [("run.json", document)], [("run.json", document), ("other.json", Other)] })
        {
            IReadOnlyList<ReportRun> runs = ReportRun.Of(documents);
            string page = ReportPage.Build(runs).Text;
            const string Data = "id=\"data\">";
            int begin = page.IndexOf(Data, StringComparison.Ordinal) + Data.Length;
            using JsonDocument json = JsonDocument.Parse(page.AsMemory(begin, page.IndexOf("</script>", begin, StringComparison.Ordinal) - begin));
            if (page.Split("<script").Length != 4 || page.Any(character => char.IsControl(character) && character is not ('\n' or '\t'))) return false;
            foreach (ChartFigure figure in Enum.GetValues<ChartFigure>())
            {
                try
                {
                    XElement.Parse(ChartPicture.Draw(runs, null, figure).Text);
                }
                catch (RunException)
                {
                    // There is nothing to draw.
                }
            }
        }

        return true;
    }
}
