using System.Text;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Launch;
using Nperf.Output;

namespace Nperf.Launch;

/// <summary>
/// A run over several hosts: find nperf on each, start the server on the first and clients on the others, pass on what
/// they say, end all of it together.
/// </summary>
internal sealed class ClusterRun(LaunchOptions options, AbortSignal abort, HostVoices voices)
{
    /// <summary>
    /// How long the others may take to end once one has, or once they were told to: nperf itself leaves within five seconds.
    /// </summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(6);

    /// <summary>How long a host may take to end what is to be killed there.</summary>
    private static readonly TimeSpan ForceTime = TimeSpan.FromSeconds(4);

    private readonly List<HostSession> _sessions = [];
    private bool _serverHung;
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostSession Server => _sessions[0];

    private IEnumerable<HostSession> Running => _sessions.Where(session => !session.Ended.IsCompleted);

    /// <summary>Runs to the end; returns the exit code. Errors of hosts are noted, not printed.</summary>
    /// <exception cref="RunException">Something failed on this machine.</exception>
    /// <exception cref="OperationCanceledException">The launch was given up before anything ran.</exception>
    public async Task<int> ExecuteAsync()
    {
        byte[][] files = [.. RunWords.Files.Zip(options.Files, ReadFile)];
        using LaunchOutput output = LaunchOutput.Open(options.Output, abort);
        using CancellationTokenRegistration aborted = abort.Token.Register(_aborted.SetResult);
        string?[] paths = await new HostCheck(options, ProgramFile.Read(), voices, abort.Token).PathsAsync();
        if (!voices.HasNoError) return ExitCode.Failed;
        try
        {
            using var beats = new Beats();
            await StartAsync(paths, files, output, beats);
            await EndAsync();
            int code = Code();
            if (IsOfNperf(Server.Ended.Result)) output.Commit();
            return code;
        }
        finally
        {
            foreach (HostSession session in _sessions) session.Dispose();
        }
    }

    private static byte[] ReadFile(OptionDefinition option, string? path)
    {
        try
        {
            return path is null ? [] : File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException(FailureKind.Error, $"{option.Name}: '{path}' cannot be read: {Reason.Of(exception)}", exception);
        }
    }

    private async Task StartAsync(string?[] paths, byte[][] files, LaunchOutput output, Beats beats)
    {
        string token = LaunchToken.Of(options.Token);
        List<Task> starting = [];
        for (int i = 0; i < options.Hosts.Count && (i == 0 || !abort.IsSet); i++)
        {
            if (starting.Count == options.Jobs) starting.Remove(await Task.WhenAny([.. starting, _aborted.Task]));
            IEnumerable<byte[]> own = i == 0 ? files : files.Select(_ => Array.Empty<byte>());
            byte[] input =
                [.. Encoding.UTF8.GetBytes($"{token}\n"), .. own.SelectMany(file => Encoding.UTF8.GetBytes($"{file.Length}\n").Concat(file))];
            string[] words = [paths[i]!, Tether.Word, $"{options.PatienceSeconds}", .. options.Run.Of(i)];
            _sessions.Add(HostSession.Start(options.Hosts[i], options.Ssh, words, input, i == 0 ? output.Write : null, voices));
            starting.Add(_sessions[i].Started);
            beats.Add(_sessions[i]);
        }
    }

    private async Task EndAsync()
    {
        Task all = Task.WhenAll(_sessions.Select(session => session.Ended));
        Task hangs = ServerHangsAsync();
        await Task.WhenAny(Server.Ended, FailureOfClientAsync(), hangs, _aborted.Task);
        if (hangs.IsCompleted)
        {
            voices.AddError(Server.Host, "did not end when the clients had, and says nothing: it hangs or is stopped");
            _serverHung = true;
        }
        else
        {
            // Where it is a client that failed the server mostly learns of it, and knows best why.
            await Task.WhenAny(Server.Ended, _aborted.Task, Task.Delay(LeaveTime));
            if (abort.Failure is { } failure)
            {
                string order = failure.Kind == FailureKind.Interrupted ? Tether.Interrupt : Tether.Terminate;
                foreach (HostSession session in Running) session.Order(order);
            }

            if (abort.IsSet || Server.Ended.IsCompleted) await Task.WhenAny(all, Task.Delay(LeaveTime));
        }

        foreach (HostSession session in Running)
        {
            session.Order(Tether.Kill);
            session.Release();
        }

        await Task.WhenAny(all, Task.Delay(ForceTime));
        foreach (HostSession session in Running) session.Kill();
        await all;
    }

    /// <summary>Completes where all clients have ended and the server, which ends with them, neither ends nor says anything.</summary>
    private async Task ServerHangsAsync()
    {
        if (_sessions.Count == 1) await Task.Delay(Timeout.Infinite); // A local run, as long as it takes.
        await Task.WhenAll(_sessions.Skip(1).Select(session => session.Ended));
        TimeSpan patience = TimeSpan.FromSeconds(options.PatienceSeconds) + LeaveTime;
        for (TimeSpan left = patience; left > TimeSpan.Zero; left = patience - Server.Silence) await Task.Delay(left);
    }

    private Task FailureOfClientAsync()
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (HostSession client in _sessions.Skip(1)) _ = WatchAsync(client);
        return failed.Task;

        async Task WatchAsync(HostSession client)
        {
            if (await client.Ended != ExitCode.Done) failed.TrySetResult();
        }
    }

    /// <summary>The run's exit code: the server's, or that of a client that failed where the server did not.</summary>
    private int Code()
    {
        HostSession[] failed = [.. _sessions.Where(session => !session.WasTold && session.Ended.Result != ExitCode.Done)];
        foreach (HostSession session in failed)
            if (!voices.HasErrorOf(session.Host)) voices.AddError(session.Host, WhyEnded(session.Ended.Result));
        if (abort.Failure is { } failure) return ExitCode.Of(failure);
        if (_serverHung) return ExitCode.Failed;
        int code = failed.Length == 0 ? ExitCode.Done : failed[0].Ended.Result;
        return IsOfNperf(code) ? code : ExitCode.Failed;
    }

    private static bool IsOfNperf(int code) =>
        code is >= ExitCode.Done and <= ExitCode.WrongResults or ExitCode.HungUp or ExitCode.Interrupted or ExitCode.Terminated;

    private static string WhyEnded(int code) => code switch
    {
        HostCheck.SshFailed => "its connection ended before nperf did, or nperf was ended there by a signal (ssh, exit code 255)",
        > 128 => $"nperf was ended by signal {code - 128}",
        _ => $"nperf ended with exit code {code}",
    };
}
