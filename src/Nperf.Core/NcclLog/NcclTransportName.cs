using System.Globalization;

namespace Nperf.Core.NcclLog;

/// <summary>A transport apart from the network device that one connection uses.</summary>
/// <param name="Name">For example <c>P2P/CUMEM</c>, <c>NET/Socket</c>, <c>NET/IB/GDRDMA/PXN</c>.</param>
/// <param name="Device">The network device's number, where there is one.</param>
internal readonly record struct NcclTransportName(string Name, int? Device)
{
    /// <summary>
    /// From NCCL's text. After NET/NAME or COLLNET/NAME follows the device, and in parentheses the rank whose GPU passes
    /// the data on to it (PXN), where another's does.
    /// </summary>
    public static NcclTransportName Of(string detail)
    {
        string[] parts = detail.Split('/');
        if (parts[0] is not ("NET" or "COLLNET")) return new NcclTransportName(detail, null);
        for (int i = 2; i < parts.Length; i++)
        {
            string[] number = parts[i].Split('(');
            if (!int.TryParse(number[0], NumberStyles.None, CultureInfo.InvariantCulture, out int device)) continue;
            string name = string.Join('/', parts[..i].Concat(parts[(i + 1)..]));
            return new NcclTransportName(number.Length > 1 ? name + "/PXN" : name, device);
        }

        return new NcclTransportName(detail, null);
    }
}
