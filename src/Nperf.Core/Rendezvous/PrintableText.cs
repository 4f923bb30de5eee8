namespace Nperf.Core.Rendezvous;

/// <summary>Text from another process, made safe for a terminal: one line, no control characters, not endless.</summary>
internal static class PrintableText
{
    public static string From(string text, int longest = 256)
    {
        string cut = text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
        return string.Create(cut.Length, cut, (span, source) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
    }
}
