using Nperf.Native;

namespace Nperf.Core.NcclLog;

/// <summary>Reads a process's NCCL log. Whatever is no line of NCCL's is passed over.</summary>
internal sealed class NcclLogReader
{
    /// <summary>Of a longer log the beginning is read, characters: initialisation stands there.</summary>
    private const int LongestText = 64 << 20;

    private const int MostWarnings = 100;

    private readonly NcclInitLines _init = new();
    private readonly List<NcclConnection> _connections = [];
    private readonly List<(NcclChoice Choice, int Device)> _choices = [];
    private readonly HashSet<string> _warnings = [];

    private NcclLogReader()
    {
    }

    /// <summary>What the log <paramref name="text"/> tells. A last line without a line feed is still being written.</summary>
    public static NcclActivity Read(ReadOnlySpan<char> text)
    {
        var reader = new NcclLogReader();
        while (text.IndexOf('\n') is >= 0 and var end)
        {
            reader.Add(text[..end]);
            text = text[(end + 1)..];
        }

        return reader.Result();
    }

    /// <summary>
    /// What the log file <paramref name="path"/> tells, which NCCL may have open; null where there is no such regular file
    /// or it cannot be read.
    /// </summary>
    public static NcclActivity? ReadFile(string path)
    {
        // A pipe or a terminal would wait for a writer.
        if (PathInfo.KindOf(path) != PathKind.File) return null;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            char[] text = new char[(int)Math.Min(stream.Length, LongestText)];
            using var reader = new StreamReader(stream);
            return Read(text.AsSpan(0, reader.ReadBlock(text)));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Add(ReadOnlySpan<char> text)
    {
        if (!NcclLogLine.TryParse(text, out NcclLogLine line)) return;
        if (line.IsWarning)
        {
            if (_warnings.Count < MostWarnings) _warnings.Add(line.Message.Trim().ToString());
        }
        else if (NcclConnectionLine.Read(line.Message) is { } connection) _connections.Add(connection);
        else if (NcclChoiceLine.Read(line.Message) is { } choice) _choices.Add((choice, line.Device));
        else _init.Add(line.Message, line.Device);
    }

    private NcclActivity Result() => _init.Known with
    {
        Connections = _connections,
        Choices = Choices(),
        Warnings = [.. _warnings],
    };

    // Where the ranks are threads, 2.27 tells of a symmetric kernel once a rank: rank 0's are all there is.
    private NcclChoice[] Choices()
    {
        NcclChoice[] ofRankZero = [.. _choices.Where(one => one.Device == _init.DeviceOfRankZero).Select(one => one.Choice)];
        return ofRankZero.Length > 0 ? ofRankZero : [.. _choices.Select(one => one.Choice)];
    }
}
