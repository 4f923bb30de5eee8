using System.Diagnostics;

namespace Nperf.Chaos;

/// <summary>A command of a run, as a user types it: what it says, with the moments, and how it ends.</summary>
internal sealed class Head
{
    private readonly Lock _gate = new();
    private readonly List<(string Stream, long At, string Text)> _lines = [];
    private readonly Process _process;
    private readonly Task _end;

    private Head(string label, Process process, Action changed)
    {
        (Label, _process) = (label, process);
        process.OutputDataReceived += (_, e) => Add("out", e.Data, changed);
        process.ErrorDataReceived += (_, e) => Add("err", e.Data, changed);
        process.Start();
        Id = new ProcessId(process.Id, ProcessTable.Read(process.Id)?.Began ?? "");
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => Volatile.Write(ref _endedAt, Stopwatch.GetTimestamp());
        _end = process.WaitForExitAsync();
    }

    private long _endedAt;

    /// <summary>What it is in its run: <c>server</c>, <c>client 1</c>.</summary>
    public string Label { get; }

    public ProcessId Id { get; }

    public string CommandLine { get; private init; } = "";

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>When it ended: a timestamp, 0 before.</summary>
    public long EndedAt => Volatile.Read(ref _endedAt);

    public string Output => Text("out");

    public string Errors => Text("err");

    public IReadOnlyList<string> ErrorLines => Lines(line => line.Stream == "err" && line.Text.StartsWith("nperf: error: ", StringComparison.Ordinal));

    public static Head Start(string label, IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string folder, Action changed)
    {
        ProcessStartInfo start = new(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return new Head(label, new Process { StartInfo = start }, changed) { CommandLine = string.Join(' ', words) };
    }

    /// <summary>When the first line came that <paramref name="matches"/>; null where none did.</summary>
    public long? SawAt(Func<string, bool> matches)
    {
        lock (_gate)
        {
            int at = _lines.FindIndex(line => matches(line.Text));
            return at < 0 ? null : _lines[at].At;
        }
    }

    public int Count(Func<string, bool> matches)
    {
        lock (_gate) return _lines.Count(line => matches(line.Text));
    }

    /// <summary>Waits until its last words are read, which somebody who inherited its output may delay.</summary>
    public bool WaitForLastWords(TimeSpan limit) => _end.Wait(limit);

    /// <summary>All of it, with moments in seconds since <paramref name="start"/>.</summary>
    public string Describe(long start)
    {
        lock (_gate)
        {
            IEnumerable<string> lines = _lines.Select(line => $"{Seconds(start, line.At)} {line.Stream} {line.Text}");
            string end = HasEnded ? $"{Seconds(start, EndedAt)} exit code {ExitCode}" : "still runs";
            return $"== {Label}, process {Id.Number}: {CommandLine}\n{string.Concat(lines.Append(end).Select(line => line + "\n"))}";
        }
    }

    private static string Seconds(long start, long at) => $"{Stopwatch.GetElapsedTime(start, at).TotalSeconds,7:0.000}";

    private IReadOnlyList<string> Lines(Func<(string Stream, long At, string Text), bool> matches)
    {
        lock (_gate) return [.. _lines.Where(matches).Select(line => line.Text)];
    }

    private string Text(string stream) => string.Concat(Lines(line => line.Stream == stream).Select(line => line + "\n"));

    private void Add(string stream, string? text, Action changed)
    {
        if (text is null) return;
        lock (_gate) _lines.Add((stream, Stopwatch.GetTimestamp(), text));
        changed();
    }
}
