using System.Text.RegularExpressions;
using Nperf.Arguments;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Documentation;

/// <summary>The command lines of nperf that the pages show.</summary>
public sealed partial class CommandTests : IDisposable
{
    /// <summary>Shown because they are wrong.</summary>
    private static readonly string[] Mistakes = ["-b 1Q -i 5x -P 4"];

    /// <summary>Options whose value is a file that has to be there, and what such a file holds.</summary>
    private static readonly Dictionary<string, string> FileOptions = new()
    {
        ["--traffic"] = "0 1\n1 0\n",
        ["--algo-table"] = "allreduce any any ring\n",
        ["--nccl-lib"] = "",
        ["--token-file"] = "sixteen characters or more\n",
        ["--hostfile"] = "node1\nnode2\n",
        ["--expect-file"] = "busbw >= 1\n",
    };

    /// <summary>What NCCL bootstrap has to have; it counts for nothing elsewhere.</summary>
    private static readonly Dictionary<string, string> Environment = new() { ["NCCL_COMM_ID"] = "node1:5200" };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> AllPages => [.. Pages.All];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void There_are_many() => Assert.InRange(Pages.All.SelectMany(Commands).Count(), 100, int.MaxValue);

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Nperf_takes_what_a_page_says(string page)
    {
        foreach (string command in Commands(page).Except(Mistakes))
        {
            IReadOnlyList<string> errors = CommandLine.Parse(Words(command), Environment).Errors;
            Assert.True(errors.Count == 0, $"{page}: nperf {command}\n{string.Join('\n', errors)}");
        }
    }

    /// <summary>What stands behind nperf's name, without what is the shell's; none where a word stands for a value.</summary>
    private static IEnumerable<string> Commands(string page) =>
        from line in Pages.Code(page)
        let match = Command().Match(line)
        let options = match.Groups["options"].Value.Trim()
        where match.Success && options is not ("launch" or "compare" or "report") && !Placeholder().IsMatch(options)
        select options;

    private string[] Words(string command)
    {
        string[] words = [.. Word().Matches(command).Select(word => word.Value.Replace("'", "").Replace("\"", ""))];
        for (int i = 1; i < words.Length; i++)
        {
            if (!FileOptions.TryGetValue(words[i - 1], out string? text)) continue;
            words[i] = _folder.File(Path.GetFileName(words[i]));
            File.WriteAllText(words[i], text);
            File.SetUnixFileMode(words[i], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return words;
    }

    // The name with nothing but a launcher, a prompt or variables before it, and an option, a mode or nothing behind it.
    [GeneratedRegex(@"^(?!scripts/|docker build|docker push|kubectl|scp|aws|gcloud|az |nperf:)(?:[^#|>]*[\s/])?nperf(?<options>(?: +(?:-|doctor\b|algorithms\b|launch\b|compare\b|report\b)(?:'[^']*'|[^#|&>;'])*?)?)\s*(?:$|[#|&;]|(?<=\s)\d?>)")]
    private static partial Regex Command();

    [GeneratedRegex(@"(?:'[^']*'|[^\s'])+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?:^|[\s=])[A-Z]{2,}(?:$|[\s,])|(?:^|\s)\[|[…<]")]
    private static partial Regex Placeholder();
}
