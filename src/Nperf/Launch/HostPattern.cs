using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nperf.Launch;

/// <summary>
/// Names of hosts in short: <c>node[3-8]</c>, <c>node[01-10,12]</c>, <c>rack[1-2]n[1-4]</c>, each with a user before it
/// or none. Numbers are as long as the first one of their range was written.
/// </summary>
internal static class HostPattern
{
    /// <summary>The most hosts of a launch; each takes an ssh of its own.</summary>
    public const int MostHosts = 4096;

    /// <summary>A user's name, a host's of 253 characters, and some brackets.</summary>
    private const int LongestPattern = 512;

    private const int MostDigits = 9;

    /// <summary>Divides a list at the commas that stand in no brackets.</summary>
    public static IReadOnlyList<string> Divide(string list)
    {
        var parts = new List<string>();
        int start = 0, depth = 0;
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i] == '[') depth++;
            if (list[i] == ']') depth--;
            if (list[i] != ',' || depth > 0) continue;
            parts.Add(list[start..i]);
            start = i + 1;
        }

        parts.Add(list[start..]);
        return parts;
    }

    /// <summary>All hosts of <paramref name="pattern"/>. Returns null, or what is wrong with it.</summary>
    public static string? Expand(string pattern, out IReadOnlyList<string> targets)
    {
        targets = [];
        if (pattern.Length > LongestPattern) return $"is longer than a name can be: {pattern.Length} characters";
        var found = new List<string> { "" };
        string rest = pattern;
        for (int open; (open = rest.IndexOf('[')) >= 0;)
        {
            int close = rest.IndexOf(']');
            if (close < 0) return "has [ without ]";
            if (close < open) return "has ] without [";
            if (Numbers(rest[(open + 1)..close], MostHosts / found.Count, out List<string> numbers) is { } mistake) return mistake;
            string before = rest[..open];
            found = [.. found.SelectMany(start => numbers.Select(number => start + before + number))];
            rest = rest[(close + 1)..];
        }

        if (rest.Contains(']')) return "has ] without [";
        targets = [.. found.Select(start => start + rest)];
        return Problem(targets[0]);
    }

    private static string? Numbers(string text, int most, out List<string> numbers)
    {
        numbers = [];
        if (IPAddress.TryParse(text, out _)) return "has an IPv6 address in brackets; it stands without";
        foreach (string range in text.Split(','))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || !ends.All(IsNumber)) return $"has '{range}' in brackets, which is no range of numbers such as 3-8";
            int first = int.Parse(ends[0], CultureInfo.InvariantCulture), last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            if (last < first) return $"has '{range}' in brackets, which runs backwards";
            if (last - first >= most - numbers.Count) return $"names more than {MostHosts} hosts, which are the most";
            for (int number = first; number <= last; number++)
                numbers.Add(number.ToString(CultureInfo.InvariantCulture).PadLeft(ends[0].Length, '0'));
        }

        return null;
    }

    private static bool IsNumber(string text) => text.Length is > 0 and <= MostDigits && text.All(char.IsAsciiDigit);

    // ssh takes more than this for a name; what it would take for an option, or a shell for more than a word, is none.
    private static string? Problem(string target)
    {
        int at = target.IndexOf('@');
        string user = at < 0 ? "" : target[..at], name = target[(at + 1)..];
        if (name.Length == 0) return at < 0 ? "has an empty name in it" : "has no host behind @";
        if (at >= 0 && !IsWord(user)) return $"has '{user}' before @, which is no user";
        if (name.Contains(':')) return ProblemOfColon(name);
        return IsWord(name) ? null : $"is no host: '{name}' is neither a name nor an address";
    }

    private static string? ProblemOfColon(string name)
    {
        string plain = name.Split('%')[0];
        if (IPAddress.TryParse(plain, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6) return null;
        return name.Count(character => character == ':') == 1
            ? "has a number behind a colon: ranks of a host go into --hostfile, ssh's port into --ssh 'ssh -p PORT' or ssh's configuration"
            : $"is no host: '{name}' is neither a name nor an address";
    }

    private static bool IsWord(string text) =>
        text.Length > 0 && text[0] != '-' && text.All(character => char.IsLetterOrDigit(character) || character is '.' or '_' or '-');
}
