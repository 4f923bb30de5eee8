using Nperf.Core.Launch;
using Nperf.Native;

namespace Nperf.Core.Rendezvous;

/// <summary>How a process finds out that it was started as a member of another.</summary>
internal static class Membership
{
    /// <summary>The environment variable that says so. It is nperf's own; no user sets it.</summary>
    public const string Variable = "NPERF_MEMBER";

    /// <summary>
    /// Takes the place that the process which started this one sends to <paramref name="input"/>, and ties this process's
    /// life to it. To be called by the process's first thread.
    /// </summary>
    /// <param name="value">The value of <see cref="Variable"/>.</param>
    /// <param name="input">This process's standard input.</param>
    /// <exception cref="RunException">No process of nperf started this one.</exception>
    public static MemberPlace Take(string value, Stream input)
    {
        LibC.DieWithStarter();

        // Asked only now: a starter that ended before would not end this process any more.
        if (value != ValueFor(LibC.ParentProcess())) throw NotStartedByNperf();
        return MemberPlace.FromLine(new TetherInput(input).ReadLine() ?? "") ?? throw NotStartedByNperf();
    }

    /// <summary>What <see cref="Variable"/> says to members of the process <paramref name="starter"/>.</summary>
    internal static string ValueFor(int starter) => $"of:{starter}";

    private static RunException NotStartedByNperf() => new(
        FailureKind.Error,
        $"{Variable} is set in the environment: nperf sets it for processes that it starts itself; unset it");
}
