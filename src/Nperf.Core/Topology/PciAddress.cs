using System.Globalization;

namespace Nperf.Core.Topology;

/// <summary>PCI addresses as the kernel writes them: <c>0000:1b:00.0</c>.</summary>
internal static class PciAddress
{
    /// <summary>
    /// The kernel's form of <paramref name="text"/>, which may have capitals and a domain of eight digits as CUDA and
    /// NVML write it; null where it is none.
    /// </summary>
    public static string? Normalize(string? text)
    {
        string[] parts = text?.Split(':', '.') ?? [];
        if (parts.Length != 4 || text!.LastIndexOf(':') > text.LastIndexOf('.')) return null;
        return Hex(parts[0], 8, out uint domain) && Hex(parts[1], 2, out uint bus)
            && Hex(parts[2], 2, out uint device) && Hex(parts[3], 1, out uint function)
            ? $"{domain:x4}:{bus:x2}:{device:x2}.{function:x}"
            : null;
    }

    /// <summary>True for the kernel's name of a host bridge: <c>pci0000:16</c>.</summary>
    public static bool IsRoot(string name) =>
        name.StartsWith("pci", StringComparison.Ordinal) && name.Split(':') is [{ Length: > 3 } domain, var bus]
        && Hex(domain.AsSpan(3), 8, out _) && Hex(bus, 2, out _);

    private static bool Hex(ReadOnlySpan<char> text, int mostDigits, out uint value)
    {
        value = 0;
        return text.Length <= mostDigits
            && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
