using System.Text;
using Nperf.Core.Collectives;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>
/// A file of <c>--algo-table</c>: a line a rule, <c>COLLECTIVE RANKS BYTES ALGORITHM</c> with white space between; what is
/// behind <c>#</c> is for people. Of each collective the first line that has room for a call counts.
/// </summary>
internal static class AlgorithmFile
{
    /// <summary>The first word of a command line that prints the host backend's own table.</summary>
    public const string Word = "algorithms";

    /// <summary>More than the most rules take, each with a comment.</summary>
    private const int MostCharacters = 1 << 20;

    private const string Example = "for example: allreduce 2 192K recursive-doubling";

    /// <summary>The host backend's own table, as such a file has it, without the last line feed.</summary>
    public static string OwnTable()
    {
        var text = new StringBuilder();
        text.Append("""
            # Which algorithm the host backend takes for a call: the first line of its
            # collective that has room for its ranks and its bytes; one with "copies" or
            # "maps" only where the ranks get so far into each other's memory, one with
            # "crowded" only where they get into it and more ranks than processors share a
            # machine. A file of such lines is read by --algo-table FILE; what it has no room
            # for goes by the lines below. Before these nperf takes hierarchical algorithms,
            # where ranks are on several hosts and several on one; a file's lines go before
            # both.
            #
            """).AppendLine().Append($"# {"collective",-13} {"ranks",-5} {"bytes",-6} {"algorithm",-19} where");
        foreach (AlgorithmRule rule in HostAlgorithms.Table)
            text.AppendLine().Append($"{rule.Operation,-15} {rule.Ranks,-5} {rule.Bytes,-6} {rule.Algorithm,-19} {rule.Where}".TrimEnd());
        return text.ToString();
    }

    /// <summary>A reader of the option's value.</summary>
    public static string? Read(string path, out AlgorithmRules? rules)
    {
        rules = null;
        if (GivenFile.Read(path, MostCharacters, out string text) is { } mistake) return mistake;
        return text.Length > MostCharacters ? "is too large to be a table of algorithms" : Parse(text.Split('\n'), out rules);
    }

    /// <summary>Reads the lines of such a file. Returns null, or what is wrong with the first that is wrong.</summary>
    internal static string? Parse(IEnumerable<string> lines, out AlgorithmRules? rules)
    {
        rules = null;
        var found = new List<(AlgorithmRule Rule, int Line)>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            string[] words = line.Split('#', 2)[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (found.Count == AlgorithmRules.Most) return $"has more than {AlgorithmRules.Most} rules";
            if (ReadRule(words, out AlgorithmRule? rule) is { } mistake) return $"has in line {number} {mistake}";
            int before = found.FindIndex(one => one.Rule.Hides(rule!));
            if (before >= 0)
                return $"has in line {number} what is never reached: line {found[before].Line} ({found[before].Rule}) has room for all of it";
            found.Add((rule!, number));
        }

        if (found.Count == 0) return $"has no rule; a line each, {Example}";
        rules = new AlgorithmRules([.. found.Select(one => one.Rule)]);
        return null;
    }

    private static string? ReadRule(string[] words, out AlgorithmRule? rule)
    {
        rule = null;
        if (words.Length is < 4 or > 5)
            return $"{(words.Length == 1 ? "1 word" : $"{words.Length} words")} instead of 4 or 5: COLLECTIVE RANKS BYTES ALGORITHM [WHERE], {Example}";
        if (Operations.Find(words[0]) is not { } operation)
        {
            string[] operations = [.. Operations.All.Select(one => one.Name)];
            return $"'{Short(words[0])}', which is no collective: they are {string.Join(", ", operations)}{Spelling.DidYouMean(words[0], operations)}";
        }

        int ranks = AlgorithmRule.AnyRanks;
        if (words[1] != AlgorithmRule.Any && Values.Whole(2, AlgorithmRule.AnyRanks - 1)(words[1], out ranks) is not null)
            return $"'{Short(words[1])}', which is no number of ranks: a whole number from 2 on, or {AlgorithmRule.Any}";
        long bytes = AlgorithmRule.AnyBytes;
        if (words[2] != AlgorithmRule.Any && Values.Size(words[2], out bytes) is { } mistake)
            return $"'{Short(words[2])}', which {mistake}, or {AlgorithmRule.Any}";
        IReadOnlyList<string> names = HostAlgorithms.Of(operation);
        if (!names.Contains(words[3]))
            return $"'{Short(words[3])}', which {operation.Name} does not have: it has {string.Join(", ", names)}{Spelling.DidYouMean(words[3], [.. names])}";
        var anywhere = new AlgorithmRule(operation.Name, ranks, bytes, words[3]);
        rule = words.Length < 5 ? anywhere : words[4] switch
        {
            "copies" => anywhere with { Reach = MemoryReach.Copies },
            "maps" => anywhere with { Reach = MemoryReach.Maps },
            AlgorithmRule.CrowdedWord => anywhere with { Reach = MemoryReach.Copies, Crowded = true },
            _ => null,
        };
        return rule is null ? $"'{Short(words[4])}', which does not say where: it is copies, maps or {AlgorithmRule.CrowdedWord}" : null;
    }

    private static string Short(string word) => word.Length <= 20 ? word : word[..20] + "...";
}
