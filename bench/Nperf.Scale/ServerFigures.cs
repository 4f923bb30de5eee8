using System.Globalization;

namespace Nperf.Scale;

/// <summary>What the server measured of itself.</summary>
/// <param name="BarrierMs">From one barrier's end to the next one's, the median, in ms.</param>
/// <param name="SlowBarrierMs">The same, of which 99 in 100 are faster.</param>
/// <param name="BarrierCpuMs">Processor time of the server for a barrier, the mean, in ms.</param>
/// <param name="GatherMs">A gather, the median, in ms.</param>
/// <param name="PeakKiB">The most memory that it had resident, in KiB.</param>
/// <param name="Descriptors">Open files and connections.</param>
internal sealed record ServerFigures(
    double BarrierMs, double SlowBarrierMs, double BarrierCpuMs, double GatherMs, long PeakKiB, int Descriptors)
{
    /// <summary>One line, for the other process.</summary>
    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{BarrierMs} {SlowBarrierMs} {BarrierCpuMs} {GatherMs} {PeakKiB} {Descriptors}");

    /// <summary>What <see cref="ToLine"/> wrote.</summary>
    public static ServerFigures Parse(string line)
    {
        double[] values = [.. line.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        return new ServerFigures(values[0], values[1], values[2], values[3], (long)values[4], (int)values[5]);
    }
}
