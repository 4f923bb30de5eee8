using System.Diagnostics;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>One member process, as seen by the process that started it.</summary>
internal sealed class MemberProcess : IDisposable
{
    /// <summary>How long its last words may take once it has ended: whoever inherited its output may keep that open.</summary>
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(0.5);

    private const int SignalExitCode = 128;

    /// <summary>The most characters of a line that are kept.</summary>
    private const int LongestLine = 4096;

    private readonly Process _process;
    private readonly Action<int, string> _said;
    private readonly Task _reading;
    private volatile string? _lastLine;

    private MemberProcess(Process process, int rank, Action<int, string> said)
    {
        _process = process;
        _said = said;
        Rank = rank;
        Id = process.Id;
        _reading = Task.WhenAll(ReadAsync(process.StandardError), ReadAsync(process.StandardOutput));
    }

    /// <summary>The rank that it has.</summary>
    public int Rank { get; }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>What it ended with, for example <c>exit code 1</c> or <c>signal 9</c>.</summary>
    public string End => EndedBySignal ? $"signal {_process.ExitCode - SignalExitCode}" : $"exit code {_process.ExitCode}";

    /// <summary>True when it did not end by itself.</summary>
    public bool EndedBySignal => _process.ExitCode > SignalExitCode;

    /// <summary>The last line that it wrote, or null.</summary>
    public string? LastLine => _lastLine;

    /// <summary>Starts a member. It lives at most as long as the thread that calls this.</summary>
    /// <param name="program">What to start.</param>
    /// <param name="rank">The rank that it will have.</param>
    /// <param name="place">Where it is to go.</param>
    /// <param name="said">Told each line that it writes, with its rank.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static MemberProcess Start(MemberProgram program, int rank, MemberPlace place, Action<int, string> said)
    {
        ProcessStartInfo start = new(program.Path, program.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove(Token.Variable); // It is in the place, and need be nowhere else.
        start.Environment[Membership.Variable] = Membership.ValueFor(Environment.ProcessId);
        MemberProcess member = new(Process.Start(start)!, rank, said);
        try
        {
            using Stream input = member._process.StandardInput.BaseStream;
            input.Write(place.ToLine());
        }
        catch (IOException)
        {
            // It has ended already: whoever waits for its end says so.
        }

        return member;
    }

    /// <summary>Returns once it has ended and <see cref="LastLine"/> is known.</summary>
    public async Task WaitForEndAsync()
    {
        await _process.WaitForExitAsync();
        await Task.WhenAny(_reading, Task.Delay(LastWordsLimit));
    }

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            var lines = new LineReader(reader, LongestLine);
            while (await lines.ReadAsync() is { } line)
            {
                if (string.IsNullOrWhiteSpace(line)) continue;
                _lastLine = line;
                _said(Rank, line);
            }
        }
        catch (Exception e) when (Connection.IsEnd(e))
        {
            // Disposed of while somebody else still held the pipe.
        }
    }
}
