using System.Text.Json;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Comparison;
using Nperf.Core.Expectations;
using Nperf.Core.Results;
using Nperf.Core.Tests.Comparison;
using Nperf.Output;

namespace Nperf.Fuzz.Targets;

/// <summary>What runs are held against: documents of others for <c>nperf compare</c>, and what is expected.</summary>
internal static class ComparisonTargets
{
    private static readonly ResultsDocument Other = Runs.Of((1024, [10, 11, 10.5]), (4096, [20, 21, 20.5]));

    public static IEnumerable<Target> All { get; } =
    [
        // Only what is compared has to be sound: figures that nobody reads may be any number.
        new Target<RunDocument>("run-document", Document, input => RunDocument.Parse("run.json", Read.Stream(input)))
        {
            Refusals = [typeof(RunException)],
            FixedBytes = 256 << 10,
            BytesPerByte = 256,
            Share = 10,
            Holds = (run, _) => IsCompared(run),
        },
        new Target<Expectation>("expectation", random => Prng.Utf8(Expected(random)), input =>
            ExpectationText.Read(Read.Text(input), out Expectation? expectation) is null ? expectation : null)
        {
            BytesPerByte = 256,
            Encode = expectation => Prng.Utf8(expectation.Text),
            Holds = (expectation, _) => IsChecked(expectation),
        },
        new Target<IReadOnlyList<Expectation>>(
            "expectation-file", random => Prng.Utf8(string.Concat(random.Several(4, () => $"{Expected(random)}  # why\n").Append("\ntime < 1s"))),
            input => ExpectationText.ParseFile(Read.Text(input), out IReadOnlyList<Expectation> expectations) is null ? expectations : null)
        {
            BytesPerByte = 512,
            Encode = expectations => Prng.Utf8(string.Join('\n', expectations.Select(expectation => expectation.Text))),
            Holds = (expectations, _) => expectations.Count > 0,
        },
        new Target<IReadOnlyList<Expectation>>(
            "expectation-preset", random => Prng.Utf8(random.Pick(ExpectationPresets.Names)),
            input => ExpectationPresets.Read(Read.Text(input), out IReadOnlyList<Expectation> expectations) is null ? expectations : null)
        {
            BytesPerByte = 128,
            Holds = (expectations, input) => expectations.Count > 0 && ExpectationPresets.Names.Contains(Read.Text(input)),
        },
    ];

    private static byte[] Document(Prng random)
    {
        ResultsDocument document = Runs.Of([.. random.Several(2, () => Size(random)).Append((1024, [random.From(1, 1000) / 8.0]))]);
        if (random.OneIn(4)) document = document with { Notes = [random.Word()], Expectations = [ExpectationOf(random).Check(document.Results)] };
        return JsonSerializer.SerializeToUtf8Bytes(document, ResultsJson.Default.ResultsDocument);
    }

    private static (long Bytes, double[] Times) Size(Prng random) =>
        (1L << random.Below(32), [.. random.Several(6, () => random.From(1, 100_000) / 8.0).Append(1)]);

    private static string Expected(Prng random) =>
        random.Pick(["", "allreduce ", "  alltoall  "]) + random.Pick(["busbw >= ", "algbw>", "time < ", "p99<="]) + random.Below(2000)
        + random.Pick(["", ".5"]) + random.Pick(["", " @ 1G", "@8K..64K", " @ 4 .. 1T"]);

    private static Expectation ExpectationOf(Prng random)
    {
        ExpectationText.Read(Expected(random), out Expectation? expectation);
        return expectation!;
    }

    // As nperf compare does it, with --force: each way, as text and as JSON.
    private static bool IsCompared(RunDocument run)
    {
        var other = new RunDocument("other.json", Other);
        foreach ((RunDocument before, RunDocument after) in new[] { (run, run), (run, other), (other, run) })
        {
            IReadOnlyList<string> differences = Comparability.Differences(before.Document, after.Document);
            try
            {
                RunComparison comparison = RunComparison.Of([before.Document], [after.Document]);
                var report = new CompareReport([before], [after], comparison, 0.05, differences);
                if (report.ToText().Any(character => char.IsControl(character) && character != '\n')) return false;
                using JsonDocument json = JsonDocument.Parse(report.ToJson());
                if (before == after && comparison.Overall.Verdict != Verdict.Equal) return false;
            }
            catch (RunException)
            {
                // They have no size in common.
            }
        }

        return true;
    }

    // What is said of it is one line, and JSON.
    private static bool IsChecked(Expectation expectation)
    {
        var document = Other with { Expectations = [expectation.Check(Other.Results)] };
        return !expectation.Text.Any(char.IsControl) && double.IsFinite(expectation.Value) && expectation.FromBytes <= expectation.ToBytes
            && JsonSerializer.SerializeToUtf8Bytes(document, ResultsJson.Default.ResultsDocument).Length > 0;
    }
}
