using Nperf.Arguments;
using Nperf.Output;

namespace Nperf.Launch;

/// <summary>The hosts of a launch: those of <c>--hosts</c>, then those of <c>--hostfile</c>, each once.</summary>
internal sealed class HostList
{
    /// <summary>More than as many hosts take as there can be, each with a comment.</summary>
    private const int MostCharacters = 16 << 20;

    private readonly List<LaunchHost> _hosts = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>In the order in which they were named; the first has the server.</summary>
    public IReadOnlyList<LaunchHost> Hosts => _hosts;

    /// <summary>Adds what <c>--hosts</c> names. Returns null, or what is wrong.</summary>
    public string? AddList(string text)
    {
        foreach (string part in HostPattern.Divide(text))
        {
            if (string.IsNullOrWhiteSpace(part)) return "has an empty name in it";
            string which = part == text ? "" : $"has '{part}', which ";
            if (Add(part.Trim(), ranks: null) is { } mistake) return which + mistake;
        }

        return null;
    }

    /// <summary>Adds what a file names, a line a host. Returns null, or what is wrong.</summary>
    public string? AddFile(string path)
    {
        if (GivenFile.Read(path, MostCharacters, out string text) is { } mistake) return mistake;
        return text.Length > MostCharacters ? "is too large to be a list of hosts" : AddLines(text.Split('\n'));
    }

    /// <summary>Adds what the lines of such a file name. Returns null, or what is wrong.</summary>
    internal string? AddLines(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Split('#')[0].Trim();
            if (line.Length == 0) continue;
            if (AddLine(line) is { } mistake) return $"line {i + 1}: '{ErrorLine.OneLine(line)}' {mistake}";
        }

        return _hosts.Count == 0 ? "names no host" : null;
    }

    // host, host:N, and host slots=N as Open MPI writes it.
    private string? AddLine(string line)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string pattern = words[0];
        string? ranks = null;
        if (pattern.Count(character => character == ':') == 1)
        {
            int colon = pattern.IndexOf(':');
            (pattern, ranks) = (pattern[..colon], pattern[(colon + 1)..]);
        }

        const string Slots = "slots=";
        if (words.Length == 2 && ranks is null && words[1].StartsWith(Slots, StringComparison.Ordinal)) ranks = words[1][Slots.Length..];
        else if (words.Length > 1) return "has more than a host in it; host, host:N or host slots=N";
        int number = 0;
        if (ranks is not null && Values.Whole(1, CommandLine.MaxRanksPerProcess)(ranks, out number) is { } mistake)
            return $"has '{ranks}' ranks, which {mistake}";
        return Add(pattern, ranks is null ? null : number);
    }

    private string? Add(string pattern, int? ranks)
    {
        if (HostPattern.Expand(pattern, out IReadOnlyList<string> targets) is { } mistake) return mistake;
        foreach (string target in targets)
        {
            var host = new LaunchHost(target, ranks);
            if (!_names.Add(host.Name)) return $"names {host.Name} a second time; each host once, with several ranks by -g or host:N in --hostfile";
            if (_hosts.Count == HostPattern.MostHosts) return $"names more than {HostPattern.MostHosts} hosts, which are the most";
            _hosts.Add(host);
        }

        return null;
    }
}
