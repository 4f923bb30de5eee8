using System.Globalization;
using System.Text.RegularExpressions;
using Nperf.Core.Collectives;
using Nperf.Core.Expectations;

namespace Nperf.Arguments;

/// <summary>Reads what is expected: <c>[OPERATION] FIGURE COMPARISON NUMBER [UNIT] [@ SIZE | @ SIZE..SIZE]</c>.</summary>
internal static partial class ExpectationText
{
    private const string Example = "for example 'busbw >= 300 @ 1G'";

    /// <summary>A file has more lines than anybody writes.</summary>
    private const int MostLines = 10_000;

    /// <summary>A reader of the option's value.</summary>
    public static string? Read(string text, out Expectation? expectation)
    {
        expectation = null;
        Match match = Form().Match(text);
        if (!match.Success) return $"is nothing to expect; {Example}";
        string name = match.Groups["metric"].Value;
        if (Metric.All.FirstOrDefault(one => one.Name == name) is not { } metric)
        {
            string[] names = [.. Metric.All.Select(one => one.Name)];
            return $"has '{name}', which is not one of {string.Join(", ", names)}{Spelling.DidYouMean(name, names)}";
        }

        string? operation = match.Groups["operation"].Success ? match.Groups["operation"].Value : null;
        if (operation is not null && Operations.Find(operation) is null)
            return $"has '{operation}', which is no operation{Spelling.DidYouMean(operation, [.. Operations.All.Select(one => one.Name)])}";
        if (Factor(metric, match.Groups["unit"].Value) is not { } factor)
            return $"has {name} in {match.Groups["unit"].Value}; it is in {(metric.IsTime ? "us, ms or s" : "GB/s")}";
        if (!double.TryParse(match.Groups["value"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
            return $"has '{match.Groups["value"].Value}', which is no number; {Example}";
        if (Sizes(match, out long from, out long to) is { } mistake) return mistake;
        string comparison = match.Groups["comparison"].Value;
        expectation = new Expectation(text.Trim(), metric, comparison[0] == '>', comparison.Length == 1, value * factor)
        {
            Operation = operation,
            FromBytes = from,
            ToBytes = to,
        };
        return null;
    }

    /// <summary>A reader of the name of a file: a line an expectation; what is behind <c>#</c> is for people.</summary>
    public static string? ReadFile(string path, out IReadOnlyList<Expectation> expectations)
    {
        expectations = [];
        if (path.Length == 0) return "cannot be read: it has no name";
        var found = new List<Expectation>();
        try
        {
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                if (++number > MostLines) return $"has more than {MostLines} lines";
                string text = line.Split('#', 2)[0].Trim();
                if (text.Length == 0) continue;
                if (Read(text, out Expectation? one) is { } mistake) return $"has in line {number} '{text}', which {mistake}";
                found.Add(one!);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {ReasonOf(path, cause)}";
        }

        if (found.Count == 0) return $"expects nothing; a line each, {Example}";
        expectations = found;
        return null;
    }

    private static string ReasonOf(string path, Exception cause) =>
        cause is FileNotFoundException or DirectoryNotFoundException ? "there is no such file"
        : Directory.Exists(path) ? "it is a directory"
        : cause.Message.ReplaceLineEndings(" ").TrimEnd('.');

    private static double? Factor(Metric metric, string unit) => (metric.IsTime, unit) switch
    {
        (true, "" or "us") => 1,
        (true, "ms") => 1e3,
        (true, "s") => 1e6,
        (false, "" or "GB/s") => 1,
        _ => null,
    };

    private static string? Sizes(Match match, out long from, out long to)
    {
        (from, to) = (0, long.MaxValue);
        if (!match.Groups["from"].Success) return null;
        if (Values.Size(match.Groups["from"].Value, out from) is { } mistake) return $"has '{match.Groups["from"].Value}', which {mistake}";
        to = from;
        if (!match.Groups["to"].Success) return null;
        if (Values.Size(match.Groups["to"].Value, out to) is { } other) return $"has '{match.Groups["to"].Value}', which {other}";
        return to < from ? $"has sizes from {match.Groups["from"].Value} to {match.Groups["to"].Value}, which is less" : null;
    }

    [GeneratedRegex(@"^\s*(?:(?<operation>[A-Za-z]+)\s+)?(?<metric>\w+)\s*(?<comparison>[<>]=?)\s*(?<value>[0-9.]+)\s*(?<unit>[A-Za-z]+(?:/s)?)?\s*(?:@\s*(?<from>[^\s.@]+)(?:\s*\.\.\s*(?<to>[^\s.@]+))?)?\s*$")]
    private static partial Regex Form();
}
