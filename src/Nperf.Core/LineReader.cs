using System.Text;

namespace Nperf.Core;

/// <summary>
/// Lines that another program writes, which may go on for ever without ending one: of a longer line than
/// <paramref name="longest"/> characters the rest is left out.
/// </summary>
internal sealed class LineReader(TextReader reader, int longest)
{
    private readonly char[] _buffer = new char[4096];
    private readonly StringBuilder _line = new();
    private int _start, _end;

    /// <summary>The next line without its end, which is a line feed, one behind a carriage return, or the end; null there.</summary>
    public async ValueTask<string?> ReadAsync()
    {
        _line.Clear();
        bool any = false;
        while (true)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await reader.ReadAsync(_buffer));
                if (_end == 0) return any ? Line() : null;
            }

            any = true;
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf('\n');
            int part = length < 0 ? _end - _start : length;
            _line.Append(_buffer, _start, Math.Min(part, longest - _line.Length));
            _start += part;
            if (length < 0) continue;
            _start++;
            return Line();
        }
    }

    private string Line()
    {
        if (_line.Length > 0 && _line[^1] == '\r') _line.Length--;
        return _line.ToString();
    }
}
