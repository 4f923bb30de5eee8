using Nperf.Fuzz.Targets;

namespace Nperf.Fuzz;

/// <summary>Every decoder of what comes from outside the process.</summary>
internal static class AllTargets
{
    /// <summary>In the order in which they are run.</summary>
    public static IReadOnlyList<Target> List { get; } =
    [
        .. HandshakeTargets.All, .. MessageTargets.All, .. RunTargets.All, .. NcclTargets.All, .. LaunchTargets.All,
        .. ArgumentTargets.All, .. MachineTargets.All, .. ComparisonTargets.All, .. ReportTargets.All,
    ];
}
