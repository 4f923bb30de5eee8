using System.Text.RegularExpressions;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Documentation;

/// <summary>The pages that a user reads, as they lie in the repository.</summary>
internal static partial class Pages
{
    /// <summary>Paths from the root, for example <c>docs/gpus.md</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { "", "docs", "deploy", "examples", "tests/StandIn" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(NperfBinary.Root, folder), "*.md"))
            .Select(file => Path.GetRelativePath(NperfBinary.Root, file))
            .Order(StringComparer.Ordinal),
    ];

    public static string PathOf(string page) => Path.Combine(NperfBinary.Root, page);

    /// <summary>What a page shows as code: lines of blocks, and what stands between backticks.</summary>
    public static IEnumerable<string> Code(string page) => Lines(page)
        .Concat(InBackticks().Matches(File.ReadAllText(PathOf(page))).Select(match => match.Groups[1].Value.ReplaceLineEndings(" ")));

    /// <summary>The lines of code blocks (those indented by four spaces), continued ones joined.</summary>
    private static IEnumerable<string> Lines(string page)
    {
        string? begun = null;
        foreach (string line in File.ReadLines(PathOf(page)))
        {
            if (!line.StartsWith("    ", StringComparison.Ordinal)) continue;
            string joined = begun + line.Trim();
            begun = joined.EndsWith('\\') ? joined[..^1] : null;
            if (begun is null) yield return joined;
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();
}
