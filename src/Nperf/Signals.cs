using System.Net;
using System.Runtime.InteropServices;
using Nperf.Core;
using Nperf.Output;

namespace Nperf;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP end the run in order: every process is told, what was measured is written. Where nothing has
/// begun, and at a second signal, they end this process at once.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration[] _registrations;
    private AbortSignal? _abort;
    private readonly bool _ignores;
    private bool _received;

    /// <summary>From here on signals are answered. With <paramref name="ignores"/> they do nothing: another process answers them.</summary>
    public Signals(bool ignores = false)
    {
        _ignores = ignores;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];
    }

    /// <summary>A run begins: the next signal ends it through <paramref name="abort"/>.</summary>
    public void End(AbortSignal abort)
    {
        lock (_gate) _abort = abort;
    }

    /// <summary>Signals do what they do to a process that does not answer them.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        Failure failure = FailureOf(context.Signal);
        AbortSignal? abort;
        lock (_gate)
        {
            if (_ignores) return;
            if (_received) ProcessEnd.Now(ExitCode.Of(failure));
            _received = true;
            abort = _abort;
        }

        if (abort is not null)
        {
            abort.Set(failure);
            return;
        }

        StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(failure));
        ProcessEnd.Now(ExitCode.Of(failure));
    }

    private static Failure FailureOf(PosixSignal signal)
    {
        string host = Dns.GetHostName();
        (FailureKind kind, string message) = signal switch
        {
            PosixSignal.SIGINT => (FailureKind.Interrupted, $"interrupted on {host} (SIGINT)"),
            PosixSignal.SIGHUP => (FailureKind.HungUp, $"terminated on {host} (SIGHUP)"),
            _ => (FailureKind.Terminated, $"terminated on {host} (SIGTERM)"),
        };
        return new Failure(kind, message) { Host = host };
    }
}
