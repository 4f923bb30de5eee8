using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Nperf.Hostile;

/// <summary>An nperf that runs, with the lines of its standard error as they come.</summary>
internal sealed class Command : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly List<(string Line, long At)> _lines = [];
    private readonly Task<string> _output;
    private readonly Task _reading;

    public Command(string program, string? token, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment.Remove("NPERF_TOKEN");
        if (token is not null) start.Environment["NPERF_TOKEN"] = token;
        StartedAt = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public long StartedAt { get; }

    public int Id => _process.Id;

    public string[] Lines
    {
        get
        {
            lock (_lines) return [.. _lines.Select(line => line.Line)];
        }
    }

    /// <summary>Waits for a line that begins so; returns it and when it came.</summary>
    public (string Line, long At) Await(string start)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            bool hasEnded = _reading.IsCompleted;
            lock (_lines)
            {
                if (_lines.FirstOrDefault(line => line.Line.StartsWith(start, StringComparison.Ordinal)) is { Line: not null } found)
                    return found;
                if (!hasEnded) Monitor.Wait(_lines, 100);
            }

            if (hasEnded) break;
        }

        throw new InvalidOperationException($"nperf did not say '{start}'; it said: {string.Join(" | ", Lines)}");
    }

    /// <summary>Where a server listens.</summary>
    public IPEndPoint Endpoint()
    {
        string line = Await("listening on ").Line["listening on ".Length..];
        return IPEndPoint.Parse(line[..line.IndexOf(',', StringComparison.Ordinal)]);
    }

    /// <summary>The exit code and standard output.</summary>
    public (int Code, string Output) End()
    {
        if (!_process.WaitForExit(Patience)) throw new InvalidOperationException($"nperf does not end; it said: {string.Join(" | ", Lines)}");
        _reading.Wait(Patience);
        return (_process.ExitCode, _output.Result);
    }

    public void Signal(string name) =>
        Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Add((line, Stopwatch.GetTimestamp()));
                Monitor.PulseAll(_lines);
            }
        }
    }
}
