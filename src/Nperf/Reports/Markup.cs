using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Nperf.Reports;

/// <summary>HTML or SVG. What is put into one by <see cref="Of"/> is text, and escaped, unless it is one itself.</summary>
/// <param name="Text">The markup.</param>
internal readonly record struct Markup(string Text)
{
    /// <summary>Nothing.</summary>
    public static Markup None { get; } = new("");

    /// <summary>An interpolated string as markup.</summary>
    public static Markup Of(Builder builder) => new(builder.ToString());

    /// <summary>One after the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Text)));

    /// <summary>
    /// <paramref name="text"/> as it has to stand between tags and in attributes. Documents come from other machines: control
    /// characters, and those that turn the direction of what follows, become question marks.
    /// </summary>
    public static string Escape(string? text)
    {
        var escaped = new StringBuilder();
        foreach (char character in text ?? "")
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\n' or '\t' => escaped.Append(character),
                _ when char.IsControl(character) || character is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')
                    or '\ufffe' or '\uffff' => escaped.Append('?'),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    public override string ToString() => Text;

    /// <summary>What the compiler makes of an interpolated string that is to be markup.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Builder(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

        public void AppendFormatted(string? text) => _text.Append(Escape(text));

        public void AppendFormatted(long number) => _text.Append(number);

        // Coordinates: a tenth of a pixel is enough.
        public void AppendFormatted(double number) => _text.Append(Math.Round(number, 1).ToString(CultureInfo.InvariantCulture));

        public override string ToString() => _text.ToString();
    }
}
