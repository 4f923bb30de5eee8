using System.Globalization;
using System.Text.RegularExpressions;
using Nperf.Core.Collectives;
using Nperf.Core.Expectations;

namespace Nperf.Arguments;

/// <summary>Reads what is expected: <c>[OPERATION] FIGURE COMPARISON NUMBER [UNIT] [@ SIZE | @ SIZE..SIZE]</c>.</summary>
internal static partial class ExpectationText
{
    private const string Example = "for example 'busbw >= 300 @ 1G'";

    /// <summary>More than anybody writes into a file.</summary>
    private const int MostCharacters = 1 << 20;

    /// <summary>A reader of the option's value.</summary>
    public static string? Read(string text, out Expectation? expectation)
    {
        expectation = null;
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Match match = Form().Match(line);
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
        if (!double.TryParse(match.Groups["value"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            || !double.IsFinite(value * factor))
            return $"has '{match.Groups["value"].Value}', which is no number; {Example}";
        if (Sizes(match, out long from, out long to) is { } mistake) return mistake;
        string comparison = match.Groups["comparison"].Value;
        expectation = new Expectation(line, metric, comparison[0] == '>', comparison.Length == 1, value * factor)
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
        if (GivenFile.Read(path, MostCharacters, out string text) is { } mistake) return mistake;
        return text.Length > MostCharacters ? "is too large to be a list of what is expected" : ParseFile(text, out expectations);
    }

    /// <summary>Reads the text of such a file. Returns null, or what is wrong with it.</summary>
    internal static string? ParseFile(string text, out IReadOnlyList<Expectation> expectations)
    {
        expectations = [];
        var found = new List<Expectation>();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Split('#', 2)[0].Trim();
            if (line.Length == 0) continue;
            if (Read(line, out Expectation? one) is { } mistake) return $"has in line {i + 1} '{line}', which {mistake}";
            found.Add(one!);
        }

        if (found.Count == 0) return $"expects nothing; a line each, {Example}";
        expectations = found;
        return null;
    }

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

    // No two neighbours match the same character: it takes no longer than the line is long.
    [GeneratedRegex(@"^(?:(?<operation>[A-Za-z]+) )?(?<metric>\w+) ?(?<comparison>[<>]=?) ?(?<value>[0-9.]+)(?: ?(?<unit>[A-Za-z]+(?:/s)?))?(?: ?@ ?(?<from>[^ .@]+)(?: ?\.\. ?(?<to>[^ .@]+))?)?$")]
    private static partial Regex Form();
}
