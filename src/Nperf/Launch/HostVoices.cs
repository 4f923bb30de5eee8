using Nperf.Output;

namespace Nperf.Launch;

/// <summary>
/// What the hosts say, under their names: lines as they come, errors at the end, where what is the same on several is
/// said once.
/// </summary>
/// <param name="hosts">All of them, in the order in which they are to be named.</param>
internal sealed class HostVoices(IReadOnlyList<LaunchHost> hosts)
{
    /// <summary>How many hosts of one error are named; more are counted.</summary>
    private const int MostNamed = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _places = hosts.Select((host, place) => (host.Name, place)).ToDictionary();
    private readonly List<(string Text, SortedSet<int> Places)> _errors = [];

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
            if (known < 0) _errors.Add((text, [_places[host.Name]]));
            else _errors[known].Places.Add(_places[host.Name]);
        }
    }

    /// <summary>True where there was an error on <paramref name="host"/>.</summary>
    public bool HasErrorOf(LaunchHost host)
    {
        lock (_lock) return _errors.Any(error => error.Places.Contains(_places[host.Name]));
    }

    /// <summary>True where an error contains <paramref name="text"/>.</summary>
    public bool HasErrorWith(string text)
    {
        lock (_lock) return _errors.Any(error => error.Text.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>The errors: lines, with the hosts before what they said.</summary>
    public IReadOnlyList<string> ErrorLines()
    {
        lock (_lock)
            return [.. _errors.OrderBy(error => error.Places.Min).Select(error => ErrorLine.Of($"{Names(error.Places)}: {error.Text}"))];
    }

    private string Names(SortedSet<int> places)
    {
        string more = places.Count > MostNamed ? $" and {places.Count - MostNamed} more" : "";
        return string.Join(", ", places.Take(MostNamed).Select(place => hosts[place].Name)) + more;
    }
}
