using System.Diagnostics;
using Nperf.Native;

namespace Nperf.Core.MpiMode;

/// <summary>
/// How one wait for MPI goes on from look to look: first it offers the processor to others, then it sleeps, so that who
/// is waited for can have it. MPI's own waits do not.
/// </summary>
internal struct MpiPause
{
    private static readonly TimeSpan Awake = TimeSpan.FromMicroseconds(200);

    private long _since;

    /// <summary>The pause between two looks.</summary>
    public void Take()
    {
        if (_since == 0) _since = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_since) < Awake) _ = LibC.SchedYield();
        else Thread.Sleep(1);
    }
}
