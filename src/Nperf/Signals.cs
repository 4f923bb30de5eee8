using System.Runtime.InteropServices;
using Nperf.Core;
using Nperf.Output;

namespace Nperf;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP end the run in order: every process is told, what was measured is written. A second one ends this
/// process at once.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly AbortSignal? _abort;
    private readonly PosixSignalRegistration _interrupt, _terminate, _hangUp;
    private int _received;

    /// <summary>Ends the run through <paramref name="abort"/>; without one, signals do nothing.</summary>
    public Signals(AbortSignal? abort)
    {
        _abort = abort;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle);
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _hangUp.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_abort is null) return;
        bool interrupted = context.Signal == PosixSignal.SIGINT;
        var kind = interrupted ? FailureKind.Interrupted : FailureKind.Terminated;
        if (Interlocked.Increment(ref _received) > 1) Environment.Exit(interrupted ? ExitCode.Interrupted : ExitCode.Terminated);
        string host = Environment.MachineName;
        string message = interrupted ? $"interrupted on {host} (SIGINT)" : $"terminated on {host} ({context.Signal})";
        _abort.Set(new Failure(kind, message) { Host = host });
    }
}
