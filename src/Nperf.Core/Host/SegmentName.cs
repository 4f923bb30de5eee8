using Nperf.Core.Cryptography;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host;

/// <summary>How the segments of a run are called in <c>/dev/shm</c>.</summary>
internal static class SegmentName
{
    /// <summary>The beginning of them all, the same on every process of the run and of no other.</summary>
    public static string Of(Control control) =>
        $"nperf-{Convert.ToHexStringLower(Sha256.Hash(control.RunId.Span).AsSpan(0, 8))}";
}
