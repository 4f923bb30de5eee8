using Nperf.Native;

namespace Nperf.Core;

/// <summary>The end of the process after a run.</summary>
public static class ProcessEnd
{
    /// <summary>
    /// Returns <paramref name="code"/> where <paramref name="outcome"/> has stopped; else ends the process with it at once,
    /// for the usual end waits for libraries, of which one hangs. Everything has to be written by then.
    /// </summary>
    public static int Of(RunOutcome outcome, int code)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (!outcome.HasStopped) LibC.Exit(code);
        return code;
    }
}
