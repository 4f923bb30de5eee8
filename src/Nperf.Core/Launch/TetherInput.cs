using System.Globalization;
using System.Text;

namespace Nperf.Core.Launch;

/// <summary>What comes through the standard input of a <see cref="Tether"/>: lines, and a file between them.</summary>
internal sealed class TetherInput(Stream stream)
{
    /// <summary>More than any matrix of traffic takes.</summary>
    private const int LargestFile = 64 << 20;

    private const int LongestLine = 4096;

    /// <summary>The next line without its line feed; null at the end, and where what comes is no line.</summary>
    public string? ReadLine()
    {
        var line = new List<byte>();
        try
        {
            for (int next; (next = stream.ReadByte()) != '\n'; line.Add((byte)next))
                if (next < 0 || line.Count == LongestLine) return null;
        }
        catch (IOException)
        {
            return null;
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    /// <summary>A line with a size, and so many bytes; null where they do not come.</summary>
    public byte[]? ReadFile()
    {
        bool isSize = int.TryParse(ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out int bytes);
        if (!isSize || bytes > LargestFile) return null;
        byte[] file = new byte[bytes];
        try
        {
            return stream.ReadAtLeast(file, bytes, throwOnEndOfStream: false) == bytes ? file : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
