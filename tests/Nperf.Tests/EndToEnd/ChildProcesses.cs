using System.Globalization;

namespace Nperf.Tests.EndToEnd;

/// <summary>The processes that a process started, as the kernel lists them.</summary>
internal static class ChildProcesses
{
    /// <summary>The ids of the children of <paramref name="parent"/>, once there are so many.</summary>
    public static int[] Wait(int parent, int count)
    {
        int[] children = [];
        Assert.True(
            SpinWait.SpinUntil(() => (children = Of(parent)).Length == count, TimeSpan.FromSeconds(120)),
            $"{children.Length} children of {parent}, not {count}");
        return children;
    }

    /// <summary>Asserts that none of them is there any more, after a few seconds at most.</summary>
    public static void AssertGone(IEnumerable<int> processes)
    {
        int[] left = [];
        Assert.True(
            SpinWait.SpinUntil(() => (left = [.. processes.Where(IsAlive)]).Length == 0, TimeSpan.FromSeconds(120)),
            $"left behind: {string.Join(", ", left)}");
    }

    private static bool IsAlive(int process) => Status(process) is { } status && status.State is not ("Z" or "X");

    private static int[] Of(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && Status(id)?.Parent == parent),
    ];

    private static (string State, int Parent)? Status(int process)
    {
        try
        {
            // Behind the name, which stands in brackets and may hold anything.
            string stat = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
