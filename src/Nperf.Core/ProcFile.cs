using System.Globalization;

namespace Nperf.Core;

/// <summary>Values from the kernel's text files whose lines are <c>name : value</c>.</summary>
internal static class ProcFile
{
    /// <summary>The first value called <paramref name="name"/>, or null where the name is not there or the file cannot be read.</summary>
    public static string? Text(string path, string name) =>
        TextFile.ReadOrNull(path) is { } text ? Text(text.Split('\n'), name) : null;

    /// <summary>The same, in <paramref name="lines"/>.</summary>
    internal static string? Text(IEnumerable<string> lines, string name)
    {
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(name)) return line[(colon + 1)..].Trim();
        }
        return null;
    }

    /// <summary>A value given in kB, which the kernel means as KiB; null where it is not there.</summary>
    public static long? KiB(string path, string name)
    {
        string? text = Text(path, name)?.Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
    }
}
