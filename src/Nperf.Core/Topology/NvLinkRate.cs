namespace Nperf.Core.Topology;

/// <summary>How much an NVLink carries a direction.</summary>
internal static class NvLinkRate
{
    /// <summary>
    /// GB/s of data that one link carries a direction, or null where that is not known. The driver tells the rate as
    /// signalled (Hopper: 26.562 GB/s), of which data sheets count what is left for data (25 GB/s): the lesser of the
    /// two, since boards with slower links exist (RTX A6000: 14.06 GB/s).
    /// </summary>
    /// <param name="version">NVML's number of the link's version.</param>
    /// <param name="megabytes">The rate as signalled in MB/s.</param>
    public static double? Of(int? version, double? megabytes)
    {
        double? signalled = megabytes / 1000;
        double? sheet = OfDataSheet(version);
        return signalled is { } rate && sheet is { } most ? Math.Min(rate, most) : signalled ?? sheet;
    }

    // NVIDIA's data sheets give both directions of all links together: P100 160 GB/s in 4 links (NVLink 1), V100 300 in
    // 6 (2), A100 600 in 12 (3), H100 900 in 18 (4), B200 1800 in 18 (5). NVML's numbers are nvmlNvlinkVersion_t.
    private static double? OfDataSheet(int? version) => version switch
    {
        1 => 20,
        2 or 3 => 25,
        4 or 5 => 25,
        6 => 25,
        7 => 50,
        _ => null,
    };
}
