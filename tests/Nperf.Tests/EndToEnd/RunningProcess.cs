using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Nperf.Tests.EndToEnd;

/// <summary>
/// A program that a test started: its lines as they come, bounded waits, signals by its own id. Ended, if need be by
/// force, when the test is over.
/// </summary>
internal sealed partial class RunningProcess : IDisposable
{
    public const int HangUp = 1, Interrupt = 2, Kill = 9, Terminate = 15, Stop = 19;

    private readonly Process _process;
    private readonly string _commandLine;
    private readonly List<string> _output = [], _errors = [];
    private readonly Lock _linesLock = new();
    private readonly SemaphoreSlim _newLine = new(0);

    private RunningProcess(Process process)
    {
        _process = process;
        _commandLine = $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}";
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>Standard error so far.</summary>
    public string Errors => Text(_errors);

    public static RunningProcess Start(
        string file,
        IEnumerable<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;

        RunningProcess running = new(new Process { StartInfo = start });
        running._process.OutputDataReceived += (_, e) => running.Add(running._output, e.Data);
        running._process.ErrorDataReceived += (_, e) => running.Add(running._errors, e.Data);
        running._process.Start();
        running._process.StandardInput.Close();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>The first line on either stream that matches; fails the test when none came in time.</summary>
    public Match WaitForLine(string pattern, double seconds = 180)
    {
        Regex regex = new(pattern, RegexOptions.IgnoreCase);
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            bool exited = _process.HasExited;
            if (exited && waited.Elapsed.TotalSeconds < seconds) _process.WaitForExit(TimeSpan.FromSeconds(60));
            if (FirstMatch(regex) is { } match) return match;
            TimeSpan left = TimeSpan.FromSeconds(seconds) - waited.Elapsed;
            if (exited || left <= TimeSpan.Zero)
                throw new TimeoutException($"no line like '{pattern}' in {waited.Elapsed.TotalSeconds:0.0} s\n{Describe()}");
            _newLine.Wait(left < ExitPoll ? left : ExitPoll);
        }
    }

    /// <summary>The exit code; fails the test when it did not end in time. Both streams are whole afterwards.</summary>
    public int WaitForExit(double seconds = 180)
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(seconds)))
            throw new TimeoutException($"still running after {seconds} s\n{Describe()}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Waits for the end and asserts that it went well.</summary>
    public void ExpectSuccess(double seconds = 180)
    {
        int code = WaitForExit(seconds);
        Assert.True(code == 0, Describe());
    }

    /// <summary>Waits for the end and asserts its exit code.</summary>
    public void ExpectExit(int expected, double seconds = 180)
    {
        int code = WaitForExit(seconds);
        Assert.True(code == expected, $"expected exit code {expected}\n{Describe()}");
    }

    public void Signal(int number) => Signal(_process.Id, number);

    /// <summary>Sends a signal to another process that this one brought about.</summary>
    public static void Signal(int process, int number) => Assert.Equal(0, kill(process, number));

    /// <summary>Everything known of it, for a failed assertion.</summary>
    public string Describe() =>
        $"$ {_commandLine}\n{(HasExited ? $"exit code {_process.ExitCode}" : "running")}\n"
        + $"--- stdout\n{Output}--- stderr\n{Errors}";

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(TimeSpan.FromSeconds(60));
        }
        _process.Dispose();
        _newLine.Dispose();
    }

    /// <summary>How often a wait for a line looks whether the process has ended without one.</summary>
    private static readonly TimeSpan ExitPoll = TimeSpan.FromMilliseconds(100);

    private void Add(List<string> lines, string? line)
    {
        if (line is null) return;
        lock (_linesLock) lines.Add(line);
        try
        {
            _newLine.Release();
        }
        catch (ObjectDisposedException)
        {
            // A last line of a process that was ended by force.
        }
    }

    private Match? FirstMatch(Regex regex)
    {
        lock (_linesLock)
            return _output.Concat(_errors).Select(line => regex.Match(line)).FirstOrDefault(match => match.Success);
    }

    private string Text(List<string> lines)
    {
        lock (_linesLock) return string.Concat(lines.Select(line => line + "\n"));
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
