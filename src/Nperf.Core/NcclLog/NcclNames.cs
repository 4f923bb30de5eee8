using System.Globalization;

namespace Nperf.Core.NcclLog;

/// <summary>Algorithms and protocols as nperf's command line names them. NCCL up to 2.23 logs their numbers.</summary>
internal static class NcclNames
{
    // By number; no version since 2.14 changed one, later ones appended.
    private static readonly string[] Algorithms = ["tree", "ring", "collnetdirect", "collnetchain", "nvls", "nvlstree", "pat"];
    private static readonly string[] Protocols = ["ll", "ll128", "simple"];

    /// <summary>The algorithm that NCCL calls <paramref name="logged"/>, for example 1 or COLLNET_DIRECT.</summary>
    public static string Algorithm(ReadOnlySpan<char> logged) => Name(logged, Algorithms);

    /// <summary>The protocol that NCCL calls <paramref name="logged"/>, for example 2 or SIMPLE.</summary>
    public static string Protocol(ReadOnlySpan<char> logged) => Name(logged, Protocols);

    private static string Name(ReadOnlySpan<char> logged, string[] names)
    {
        if (int.TryParse(logged, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            return number >= 0 && number < names.Length ? names[number] : "unknown";
        return logged.ToString().Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
    }
}
