using Nperf.Core.NcclBackend;
using Nperf.Native;

namespace Nperf.Core;

/// <summary>The end of the process after a run.</summary>
internal static class ProcessEnd
{
    /// <summary>
    /// Returns <paramref name="code"/> where <paramref name="outcome"/> has stopped; else ends the process with it at once,
    /// for the usual end waits for libraries, of which one hangs. Everything has to be written by then.
    /// </summary>
    public static int Of(RunOutcome outcome, int code)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (!outcome.HasStopped) Now(code);
        return code;
    }

    /// <summary>The same after what was no run.</summary>
    public static int Of(int code)
    {
        if (NativeCall.HasLeftThreads) Now(code);
        return code;
    }

    /// <summary>Ends the process with <paramref name="code"/> at once, whatever its threads are in.</summary>
    public static void Now(int code) => LibC.Exit(code);
}
