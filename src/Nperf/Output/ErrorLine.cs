using System.Text;
using Nperf.Core;

namespace Nperf.Output;

/// <summary>How a failure is said: one line.</summary>
internal static class ErrorLine
{
    /// <summary>A mistake in the command line.</summary>
    public static string Of(string message) => $"nperf: error: {OneLine(message)}";

    /// <summary>A failure, with where and when it happened as far as its message does not say that itself.</summary>
    public static string Of(Failure failure)
    {
        string message = failure.Message;
        var place = new List<string>();
        if (failure.Rank is { } rank && !message.Contains($"rank {rank}", StringComparison.Ordinal))
            place.Add($"rank {rank}");
        if (failure.Host is { } host && !message.Contains(host, StringComparison.Ordinal))
            place.Add($"on {host}");
        if (failure.Step is { } step && !message.Contains(step, StringComparison.Ordinal))
            place.Add($"during {step}");
        return Of(place.Count == 0 ? message : $"{message} ({string.Join(' ', place)})");
    }

    /// <summary>Writes <paramref name="failure"/>; with <paramref name="debug"/>, where it arose.</summary>
    public static void Write(TextWriter error, Failure failure, Exception? exception = null, bool debug = false)
    {
        error.WriteLine(Of(failure));
        if (debug && exception is not null) error.WriteLine(exception);
    }

    /// <summary>
    /// <paramref name="message"/> in one line. Messages travel between machines: another one's line feeds and escape
    /// sequences stay out of this terminal.
    /// </summary>
    public static string OneLine(string message)
    {
        var line = new StringBuilder(message.Length);
        foreach (char character in message.ReplaceLineEndings(" "))
            line.Append(char.IsControl(character) ? '?' : character);
        return line.ToString();
    }
}
