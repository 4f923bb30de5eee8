using System.Diagnostics;

namespace Nperf.Core;

/// <summary>
/// The one place in a process that says whether the run has been given up, and why. The first failure wins. Waiting
/// loops look at <see cref="IsSet"/>, blocking waits take <see cref="Token"/>.
/// </summary>
internal sealed class AbortSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private Failure? _failure;
    private long _setAt;

    /// <summary>True once the run has been given up. One volatile read: cheap enough for the slow path of a spin loop.</summary>
    public bool IsSet => Volatile.Read(ref _failure) is not null;

    /// <summary>Why the run was given up, or null.</summary>
    public Failure? Failure => Volatile.Read(ref _failure);

    /// <summary>How long ago the run was given up; zero where it was not.</summary>
    public TimeSpan Age => Volatile.Read(ref _setAt) is not 0 and var at ? Stopwatch.GetElapsedTime(at) : TimeSpan.Zero;

    /// <summary>Cancelled once the run has been given up.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Gives the run up. Returns false, and changes nothing, when that had already happened.</summary>
    public bool Set(Failure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null) return false;
        Volatile.Write(ref _setAt, Stopwatch.GetTimestamp());
        _source.Cancel();
        return true;
    }

    /// <summary>Throws the <see cref="RunException"/> of the failure, if there is one.</summary>
    public void ThrowIfSet()
    {
        if (Failure is { } failure) throw new RunException(failure);
    }

    /// <summary>
    /// Throws what ended the run where that is known, or comes to be known within <paramref name="patience"/>: what this
    /// process has noticed is mostly what another one's end looks like from here, and the cause is on its way.
    /// </summary>
    public void ThrowCause(TimeSpan patience)
    {
        Token.WaitHandle.WaitOne(patience);
        ThrowIfSet();
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
