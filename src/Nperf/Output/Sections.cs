using System.Text;

namespace Nperf.Output;

/// <summary>Plain text in sections of lines, each a label and what is said of it, in two columns.</summary>
internal sealed class Sections
{
    private const int LabelWidth = 20;

    private readonly StringBuilder _text = new();

    /// <summary>Begins a section.</summary>
    public void Begin(string heading)
    {
        if (_text.Length > 0) _text.Append('\n');
        _text.Append(heading).Append('\n');
    }

    /// <summary>Adds a line. Texts come from libraries too: their line feeds and escape sequences are not printed.</summary>
    public void Add(string label, string text) =>
        _text.Append("  ").Append(ErrorLine.OneLine(label).PadRight(LabelWidth)).Append(' ')
            .Append(ErrorLine.OneLine(text)).Append('\n');

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
