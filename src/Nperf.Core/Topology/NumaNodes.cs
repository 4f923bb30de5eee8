using System.Globalization;
using Nperf.Core.Results;

namespace Nperf.Core.Topology;

/// <summary>The NUMA nodes of the machine.</summary>
internal static class NumaNodes
{
    private const string Prefix = "node";

    /// <summary>Those that <paramref name="sysfs"/> shows, by number; none where the kernel knows none.</summary>
    public static IReadOnlyList<NumaNodeSection> Read(string sysfs)
    {
        string folder = $"{sysfs}/devices/system/node";
        return Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder, Prefix + "*")
                .Select(path => (Path: path, Id: NumberOf(Path.GetFileName(path))))
                .Where(node => node.Id is not null)
                .OrderBy(node => node.Id)
                .Select(node => new NumaNodeSection(node.Id!.Value, TextFile.ReadOrNull($"{node.Path}/cpulist") ?? ""))]
            : [];
    }

    private static int? NumberOf(string folder) => int.TryParse(
        folder.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
}
