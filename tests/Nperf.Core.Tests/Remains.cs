using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests;

/// <summary>What this process holds: open files and threads, the runtime's own threads left out, which come and go.</summary>
internal static class Remains
{
    private const string OfTheRuntime = ".NET ";

    /// <summary>All of it; a socket or a thread of another moment is another.</summary>
    public static HashSet<string> Now() => [.. Files(), .. Threads()];

    /// <summary>Waits until nothing is there that was not <paramref name="before"/>; returns what is.</summary>
    public static async Task<IReadOnlyList<string>> Since(HashSet<string> before, TimeSpan patience)
    {
        var limit = Deadline.After(patience);
        for (int pause = 10; ; pause = Math.Min(2 * pause, 1000))
        {
            string[] more = [.. Now().Except(before).Order(StringComparer.Ordinal)];
            if (more.Length == 0 || limit.Passed) return more;
            await Task.Delay(pause, TestContext.Current.CancellationToken);
        }
    }

    private static IEnumerable<string> Files() => Entries("/proc/self/fd", file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name)
        .Select(file => $"file {file.Name} {file.Text}");

    private static IEnumerable<string> Threads() => Entries("/proc/self/task", thread => File.ReadAllText($"{thread}/comm").Trim())
        .Where(thread => !thread.Text.StartsWith(OfTheRuntime, StringComparison.Ordinal))
        .Select(thread => $"thread {thread.Name} {thread.Text}");

    private static IEnumerable<(string Name, string Text)> Entries(string folder, Func<string, string?> read)
    {
        foreach (string path in Directory.GetFileSystemEntries(folder))
        {
            string? text = null;
            try
            {
                text = read(path);
            }
            catch (IOException)
            {
                // Gone by now; the folder that is being read, for one.
            }

            if (text is not null) yield return (Path.GetFileName(path), text);
        }
    }
}
