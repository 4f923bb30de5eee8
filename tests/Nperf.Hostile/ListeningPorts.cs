using System.Globalization;

namespace Nperf.Hostile;

/// <summary>The TCP ports that a process listens on, from /proc.</summary>
internal static class ListeningPorts
{
    private const string Listening = "0A";

    public static HashSet<int> Of(int process)
    {
        try
        {
            var inodes = new HashSet<string>();
            foreach (string descriptor in Directory.GetFiles($"/proc/{process}/fd"))
            {
                string? target = new FileInfo(descriptor).LinkTarget;
                if (target is not null && target.StartsWith("socket:[", StringComparison.Ordinal)) inodes.Add(target[8..^1]);
            }

            return [.. new[] { "tcp", "tcp6" }.SelectMany(name => File.ReadLines($"/proc/{process}/net/{name}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == Listening && inodes.Contains(fields[9]))
                .Select(fields => int.Parse(fields[1].AsSpan(fields[1].IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        }
        catch (Exception end) when (end is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return [];
        }
    }
}
