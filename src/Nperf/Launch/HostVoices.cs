using Nperf.Output;

namespace Nperf.Launch;

/// <summary>
/// What the hosts say, under their names: lines as they come, errors at the end, where what is the same on several is
/// said once.
/// </summary>
internal sealed class HostVoices
{
    /// <summary>How many hosts of one error are named; more are counted.</summary>
    private const int MostNamed = 8;

    private readonly Lock _lock = new();
    private readonly List<(string Text, List<string> Hosts)> _errors = [];

    /// <summary>True where there was no error.</summary>
    public bool HasNoError
    {
        get
        {
            lock (_lock) return _errors.Count == 0;
        }
    }

    /// <summary>Prints <paramref name="line"/> on standard error.</summary>
    public void Say(LaunchHost host, string line)
    {
        lock (_lock) StandardStreams.TrySay(StandardStreams.Error, $"{host.Name}: {ErrorLine.OneLine(line)}");
    }

    /// <summary>Notes an error.</summary>
    public void AddError(LaunchHost host, string text)
    {
        lock (_lock)
        {
            int known = _errors.FindIndex(error => error.Text == text);
            if (known < 0) _errors.Add((text, [host.Name]));
            else if (!_errors[known].Hosts.Contains(host.Name)) _errors[known].Hosts.Add(host.Name);
        }
    }

    /// <summary>True where there was an error on <paramref name="host"/>.</summary>
    public bool HasErrorOf(LaunchHost host)
    {
        lock (_lock) return _errors.Any(error => error.Hosts.Contains(host.Name));
    }

    /// <summary>True where an error contains <paramref name="text"/>.</summary>
    public bool HasErrorWith(string text)
    {
        lock (_lock) return _errors.Any(error => error.Text.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>The errors in the order in which they came: lines, with the hosts before what they said.</summary>
    public IReadOnlyList<string> ErrorLines()
    {
        lock (_lock) return [.. _errors.Select(error => ErrorLine.Of($"{Names(error.Hosts)}: {error.Text}"))];
    }

    private static string Names(List<string> hosts)
    {
        string more = hosts.Count > MostNamed ? $" and {hosts.Count - MostNamed} more" : "";
        return string.Join(", ", hosts.Take(MostNamed)) + more;
    }
}
