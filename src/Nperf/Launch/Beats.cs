using Nperf.Core.Launch;

namespace Nperf.Launch;

/// <summary>
/// Tells every host that the launcher is there. On a thread of its own: others may wait for a terminal that somebody
/// has stopped.
/// </summary>
internal sealed class Beats : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<HostSession> _sessions = [];
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;

    public Beats()
    {
        _thread = new Thread(Send) { IsBackground = true, Name = "beats" };
        _thread.Start();
    }

    public void Add(HostSession session)
    {
        lock (_lock) _sessions.Add(session);
    }

    public void Dispose()
    {
        _over.Set();
        _thread.Join();
        _over.Dispose();
    }

    private void Send()
    {
        while (!_over.Wait(Interval))
        {
            lock (_lock)
                foreach (HostSession session in _sessions) session.Order(Tether.Alive);
        }
    }
}
