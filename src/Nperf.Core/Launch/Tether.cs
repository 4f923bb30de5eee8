using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Core.Launch;

/// <summary>
/// The part of <c>nperf launch</c> on each host: runs a command of this program for as long as somebody at the other end
/// of standard input wants it. However that connection ends, the command ends, if need be by force.
/// </summary>
/// <remarks>
/// What comes through standard input: a line with the token of the run, or an empty one; for each of
/// <see cref="FileOptions"/> a line with the size in bytes of its file, 0 for none, and the file; then lines that are orders,
/// until the end. Any line shows that the other end is there.
/// </remarks>
internal sealed class Tether
{
    /// <summary>The first word of the command line that does this. No user types it.</summary>
    public const string Word = "tethered";

    /// <summary>The first line on standard output. What stands before it is a login shell's.</summary>
    public const string FirstLine = "nperf tethered";

    /// <summary>The order that only says that somebody is there.</summary>
    public const string Alive = ".";

    /// <summary>The order to end as by SIGINT.</summary>
    public const string Interrupt = "interrupt";

    /// <summary>The order to end as by SIGTERM.</summary>
    public const string Terminate = "terminate";

    /// <summary>The order to end at once, by SIGKILL.</summary>
    public const string Kill = "kill";

    /// <summary>The variable that tells the command that it is tied. It is nperf's own; no user sets it.</summary>
    public const string Variable = "NPERF_TETHER";

    /// <summary>The options whose files come along: the command gets each that is not empty.</summary>
    public static IReadOnlyList<string> FileOptions { get; } = ["--traffic", "--algo-table"];

    private const int SigInt = 2, SigKill = 9, SigTerm = 15, EndedBySigTerm = 128 + SigTerm;

    /// <summary>How long the command may take to end in order.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience;
    private readonly TetherInput _input;
    private readonly TaskCompletionSource<(string Token, IReadOnlyList<byte[]> Files)?> _given = new();
    private Process? _command;
    private long _heard;
    private long _ended;

    private Tether(TimeSpan patience, Stream input)
    {
        _patience = patience;
        _input = new TetherInput(input);
    }

    /// <summary>Runs the command; returns its exit code. To be called by the process's first thread.</summary>
    /// <param name="patience">How long the other end may be silent.</param>
    /// <param name="arguments">The command, without the program's name.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output, which the command goes on to write to.</param>
    public static int Execute(TimeSpan patience, IReadOnlyList<string> arguments, Stream input, Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _ = LibC.StartSession();
        output.Write(System.Text.Encoding.ASCII.GetBytes(FirstLine + "\n"));
        var tether = new Tether(patience, input);
        using var terminated = tether.EndAt(PosixSignal.SIGTERM);
        using var hungUp = tether.EndAt(PosixSignal.SIGHUP);
        using var interrupted = tether.EndAt(PosixSignal.SIGINT);
        return tether.Run(arguments);
    }

    /// <summary>
    /// Ties this process, which <see cref="Variable"/> says was started so, to the one that started it, and takes the
    /// variable away. False where no such process did. To be called by the process's first thread.
    /// </summary>
    public static bool TryTie()
    {
        LibC.DieWithStarter();
        string? value = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);

        // Asked only now: one that ended before would not end this process any more.
        return value == ValueFor(LibC.ParentProcess());
    }

    private static string ValueFor(int starter) => $"of:{starter.ToString(CultureInfo.InvariantCulture)}";

    private int Run(IReadOnlyList<string> arguments)
    {
        new Thread(Listen) { IsBackground = true, Name = "tether" }.Start();
        if (!_given.Task.Wait(_patience) || _given.Task.Result is not { } given) return EndedBySigTerm;
        (string Option, FileStream File)[] files =
            [.. FileOptions.Zip(given.Files).Where(one => one.Second.Length > 0).Select(one => (one.First, Unlinked(one.Second)))];
        IEnumerable<string> words = files.SelectMany(one => new[] { one.Option, $"/proc/{Environment.ProcessId}/fd/{one.File.SafeFileHandle.DangerousGetHandle()}" });
        ProcessStartInfo start = new(Environment.ProcessPath!, [.. arguments, .. words]) { RedirectStandardInput = true };
        start.Environment[Variable] = ValueFor(Environment.ProcessId);
        if (given.Token.Length > 0) start.Environment[Token.Variable] = given.Token;
        Process command = Process.Start(start)!;
        command.StandardInput.Close();
        _command = command;
        while (!command.WaitForExit(Tick))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _heard)) > _patience) End();
            long ended = Volatile.Read(ref _ended);
            if (ended != 0 && Stopwatch.GetElapsedTime(ended) > LeaveTime) command.Kill();
        }

        foreach ((_, FileStream file) in files) file.Dispose();
        return command.ExitCode;
    }

    private void Listen()
    {
        (string, IReadOnlyList<byte[]>)? given = _input.ReadLine() is { } token && _input.ReadFiles(FileOptions.Count) is { } files ? (token, files) : null;
        Volatile.Write(ref _heard, Stopwatch.GetTimestamp());
        _given.SetResult(given);
        while (_input.ReadLine() is { } order)
        {
            Volatile.Write(ref _heard, Stopwatch.GetTimestamp());
            if (order == Interrupt) Send(SigInt);
            if (order == Terminate) Send(SigTerm);
            if (order == Kill) Send(SigKill);
        }

        End();
    }

    private PosixSignalRegistration EndAt(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        End();
    });

    private void End()
    {
        if (Interlocked.CompareExchange(ref _ended, Stopwatch.GetTimestamp(), 0) != 0) return;
        if (_command is null) LibC.Exit(EndedBySigTerm);
        Send(SigTerm);
    }

    private void Send(int signal)
    {
        if (_command is { HasExited: false }) _ = LibC.Kill(_command.Id, signal);
    }

    // The command and its members open it by its descriptor here: it has no name that could be left behind.
    private static FileStream Unlinked(byte[] content)
    {
        string path = Path.GetTempFileName();
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        File.Delete(path);
        file.Write(content);
        return file;
    }
}
