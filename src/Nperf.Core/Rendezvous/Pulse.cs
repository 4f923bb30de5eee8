using System.Diagnostics;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// Calls at a steady pace from a thread of its own: it goes on whatever the process's ranks do, and stops when the process
/// is stopped.
/// </summary>
internal sealed class Pulse : IDisposable
{
    /// <summary>How long its last call may take when it ends: a library that hangs may hold it.</summary>
    private static readonly TimeSpan LastCall = TimeSpan.FromSeconds(0.5);

    private readonly TimeSpan _interval;
    private readonly Action<bool> _beat;
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;

    /// <param name="interval">From call to call.</param>
    /// <param name="beat">
    /// What is called; with true where the call is late, as after the process or its machine had been stopped: then what is
    /// known of others is as old, and no reason to accuse them.
    /// </param>
    public Pulse(TimeSpan interval, Action<bool> beat)
    {
        (_interval, _beat) = (interval, beat);
        _thread = new Thread(Run) { IsBackground = true, Name = "heartbeat" };
        _thread.Start();
    }

    public void Dispose()
    {
        _over.Set();
        if (Thread.CurrentThread != _thread) _thread.Join(LastCall);
    }

    private void Run()
    {
        long last = Stopwatch.GetTimestamp();
        while (!_over.Wait(_interval))
        {
            bool isLate = Stopwatch.GetElapsedTime(last) > 2 * _interval;
            last = Stopwatch.GetTimestamp();
            _beat(isLate);
        }
    }
}
