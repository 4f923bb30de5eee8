using System.Globalization;
using System.Text;

namespace Nperf.Core.NcclLog;

/// <summary>
/// The value of NCCL_DEBUG_FILE, in which %h stands for the host, %p for the process id and %% for a percent sign.
/// </summary>
internal static class NcclLogFile
{
    /// <summary>The value that means <paramref name="path"/>.</summary>
    public static string Value(string path) => path.Replace("%", "%%", StringComparison.Ordinal);

    /// <summary>
    /// The path that <paramref name="value"/> means for NCCL, on <paramref name="host"/> in <paramref name="process"/>.
    /// </summary>
    public static string Path(string value, string host, int process)
    {
        var path = new StringBuilder();
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '%' || i + 1 == value.Length)
            {
                path.Append(value[i]);
                continue;
            }

            char after = value[++i];
            // Of the host's name NCCL takes what stands before the first dot.
            if (after == 'h') path.Append(host.Split('.')[0]);
            else if (after == 'p') path.Append(process.ToString(CultureInfo.InvariantCulture));
            else if (after == '%') path.Append('%');
            else path.Append('%').Append(after);
        }

        return path.ToString();
    }
}
