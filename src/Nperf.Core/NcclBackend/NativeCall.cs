using System.Runtime.ExceptionServices;

namespace Nperf.Core.NcclBackend;

/// <summary>Calls into libraries that may never return: on a thread of their own, which is left behind then.</summary>
internal static class NativeCall
{
    /// <summary>How often a wait looks whether the run was given up.</summary>
    public static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>True once a thread was left behind: the process has to leave by force.</summary>
    public static bool HasLeftThreads { get; set; }

    /// <summary>What <paramref name="call"/> returns or throws.</summary>
    /// <param name="call">The call.</param>
    /// <param name="seconds">How long it may take.</param>
    /// <param name="abort">Ends the wait as well.</param>
    /// <param name="late">What it means that the time is over.</param>
    public static T Within<T>(Func<T> call, double seconds, AbortSignal abort, Func<RunException> late)
    {
        var ended = new TaskCompletionSource<T>();
        new Thread(() =>
        {
            try
            {
                ended.SetResult(call());
            }
            catch (Exception cause)
            {
                ended.SetException(cause);
            }
        })
        {
            IsBackground = true,
            Name = "a library's call",
        }.Start();
        var deadline = Rendezvous.Deadline.AfterSeconds(seconds);
        while (Task.WaitAny([ended.Task], Glance) < 0)
        {
            HasLeftThreads = abort.IsSet || deadline.Passed;
            abort.ThrowIfSet();
            if (HasLeftThreads) throw late();
        }

        if (ended.Task.Exception?.InnerException is { } failed) ExceptionDispatchInfo.Throw(failed);
        return ended.Task.Result;
    }
}
