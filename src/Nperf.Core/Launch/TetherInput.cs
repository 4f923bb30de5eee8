using System.Globalization;
using System.Text;

namespace Nperf.Core.Launch;

/// <summary>
/// What comes through the standard input of a process that another nperf started (a <see cref="Tether"/>, a member): lines,
/// and a file between them.
/// </summary>
internal sealed class TetherInput(Stream stream)
{
    /// <summary>More than any matrix of traffic takes.</summary>
    private const int LargestFile = 64 << 20;

    /// <summary>More than a member's place takes, with a token all of whose characters JSON escapes.</summary>
    private const int LongestLine = 16 << 10;

    private const int FirstPart = 64 << 10;

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

    /// <summary>So many files one after the other, each as a line with its size and the bytes; null where they do not come.</summary>
    public IReadOnlyList<byte[]>? ReadFiles(int count)
    {
        var files = new List<byte[]>();
        while (files.Count < count && ReadFile() is { } file) files.Add(file);
        return files.Count == count ? files : null;
    }

    /// <summary>A line with a size, and so many bytes; null where they do not come.</summary>
    public byte[]? ReadFile()
    {
        bool isSize = int.TryParse(ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out int bytes);
        if (!isSize || bytes > LargestFile) return null;

        // Memory grows with what comes, not with what is announced.
        byte[] file = new byte[Math.Min(bytes, FirstPart)];
        int have = 0;
        try
        {
            while (have < bytes)
            {
                if (have == file.Length) Array.Resize(ref file, (int)Math.Min(bytes, 2L * have));
                int read = stream.Read(file, have, file.Length - have);
                if (read == 0) return null;
                have += read;
            }

            return file;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
