using System.Diagnostics;
using System.Text;
using Nperf.Core;
using Nperf.Core.Launch;

namespace Nperf.Launch;

/// <summary>nperf on one host, for as long as it runs there: what it says, how it ends, and the orders to it.</summary>
internal sealed class HostSession : IDisposable
{
    /// <summary>How nperf begins the line that says why it gave up.</summary>
    private const string ErrorPrefix = "nperf: error: ";

    /// <summary>How long last words may take: what ssh leaves in the background can keep its standard error open.</summary>
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(5);

    /// <summary>The most characters of a line of its standard error that are kept.</summary>
    private const int LongestLine = 16 << 10;

    private readonly Process _process;
    private readonly Lock _inputLock = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HostVoices _voices;
    private volatile bool _wasTold;
    private volatile bool _isTaking;
    private long _heardAt = Stopwatch.GetTimestamp();
    private bool _inputIsOpen;

    private HostSession(LaunchHost host, Process process, HostVoices voices)
    {
        Host = host;
        _process = process;
        _voices = voices;
    }

    public LaunchHost Host { get; }

    /// <summary>Completes when nperf has started there, or has ended without.</summary>
    public Task Started => _started.Task;

    /// <summary>The exit code, once all that it said has been read.</summary>
    public Task<int> Ended { get; private set; } = Task.FromResult(0);

    /// <summary>For how long it has said nothing; none while what it said last still waits for somebody to take it.</summary>
    public TimeSpan Silence => _isTaking ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>True once it was told to end: what it says and returns then is no news.</summary>
    public bool WasTold => _wasTold;

    /// <summary>Starts nperf on <paramref name="host"/>.</summary>
    /// <param name="host">Where.</param>
    /// <param name="ssh">What connects.</param>
    /// <param name="words">The command: the program and its arguments.</param>
    /// <param name="input">What the <see cref="Tether"/> reads first.</param>
    /// <param name="takeOutput">Takes what nperf writes to standard output; null where that is of no interest.</param>
    /// <param name="voices">Takes its errors and its other lines.</param>
    public static HostSession Start(
        LaunchHost host, string ssh, IEnumerable<string> words, byte[] input, Action<ReadOnlySpan<byte>>? takeOutput, HostVoices voices)
    {
        ProcessStartInfo start = SshCommand.ToStart(host, ssh, ShellText.Command(["exec", .. words]));
        var session = new HostSession(host, Process.Start(start)!, voices);
        session.Ended = session.FollowAsync(input, takeOutput);
        return session;
    }

    /// <summary>Tells it something, if it still listens.</summary>
    public void Order(string order)
    {
        if (order != Tether.Alive) _wasTold = true;
        lock (_inputLock)
        {
            if (!_inputIsOpen) return;
            try
            {
                _process.StandardInput.BaseStream.Write(Encoding.ASCII.GetBytes(order + "\n"));
                _process.StandardInput.BaseStream.Flush();
            }
            catch (IOException)
            {
                _inputIsOpen = false;
            }
        }
    }

    /// <summary>Lets go of it: it ends, in seconds, if need be by force.</summary>
    public void Release()
    {
        _wasTold = true;
        lock (_inputLock)
        {
            _inputIsOpen = false;
            try
            {
                _process.StandardInput.Close();
            }
            catch (IOException)
            {
                // What was still to be written finds nobody.
            }
        }
    }

    /// <summary>Ends the connection.</summary>
    public void Kill()
    {
        _wasTold = true;
        _process.Kill();
    }

    public void Dispose() => _process.Dispose();

    private void Hear() => Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());

    private async Task<int> FollowAsync(byte[] input, Action<ReadOnlySpan<byte>>? takeOutput)
    {
        Task writing = WriteAsync(input);
        Task reading = ReadOutputAsync(takeOutput);
        Task complaining = ReadErrorsAsync();
        await _process.WaitForExitAsync();
        await reading;
        await Task.WhenAny(complaining, Task.Delay(LastWordsLimit));
        await writing;
        _started.TrySetResult();
        return _process.ExitCode;
    }

    private async Task WriteAsync(byte[] input)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(input);
            await _process.StandardInput.BaseStream.FlushAsync();
            lock (_inputLock) _inputIsOpen = !_wasTold;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It has ended already, or was told to: the exit code says the rest.
        }
    }

    private async Task ReadOutputAsync(Action<ReadOnlySpan<byte>>? takeOutput)
    {
        Stream stream = _process.StandardOutput.BaseStream;
        if (!await SkipToFirstLineAsync(stream)) return;
        _started.TrySetResult();
        if (takeOutput is not null)
        {
            byte[] buffer = new byte[1 << 16];
            for (int bytes; (bytes = await stream.ReadAsync(buffer)) > 0;)
            {
                _isTaking = true;
                takeOutput(buffer.AsSpan(0, bytes));
                Hear();
                _isTaking = false;
            }

            return;
        }

        await stream.CopyToAsync(Stream.Null);
    }

    /// <summary>Passes over what a login shell prints of itself; false where nothing else comes.</summary>
    private static async Task<bool> SkipToFirstLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        byte[] next = new byte[1];
        while (await stream.ReadAsync(next) > 0)
        {
            if (next[0] != '\n')
            {
                // Longer than the one that is looked for is as good as longer still.
                if (line.Length <= Tether.FirstLine.Length) line.Append((char)next[0]);
                continue;
            }

            if (line.ToString() == Tether.FirstLine) return true;
            line.Clear();
        }

        return false;
    }

    private async Task ReadErrorsAsync()
    {
        var lines = new LineReader(_process.StandardError, LongestLine);
        while (await lines.ReadAsync() is { } line)
        {
            Hear();
            if (!line.StartsWith(ErrorPrefix, StringComparison.Ordinal)) _voices.Say(Host, line);
            else if (!_wasTold) _voices.AddError(Host, line[ErrorPrefix.Length..]);
        }
    }
}
