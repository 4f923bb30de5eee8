using System.Globalization;

namespace Nperf.Core.NcclLog;

/// <summary>Takes a text apart from the left. What does not fit leaves the rest as it was.</summary>
internal ref struct SpanScanner(ReadOnlySpan<char> text)
{
    /// <summary>What has not been taken.</summary>
    public ReadOnlySpan<char> Rest { get; private set; } = text;

    /// <summary>Takes <paramref name="literal"/>; false where the rest begins otherwise.</summary>
    public bool Take(ReadOnlySpan<char> literal)
    {
        if (!Rest.StartsWith(literal, StringComparison.Ordinal)) return false;
        Rest = Rest[literal.Length..];
        return true;
    }

    /// <summary>Takes decimal digits; false where there are none or too many.</summary>
    public bool TakeNumber(out int number)
    {
        int length = Rest.IndexOfAnyExceptInRange('0', '9');
        if (length < 0) length = Rest.Length;
        if (!int.TryParse(Rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out number)) return false;
        Rest = Rest[length..];
        return true;
    }

    /// <summary>Takes all up to and with the first <paramref name="literal"/>; false where there is none.</summary>
    public bool TakeThrough(ReadOnlySpan<char> literal) => TakeUntil(literal, out _) && Take(literal);

    /// <summary>Takes all before the first <paramref name="literal"/>; false where there is none.</summary>
    public bool TakeUntil(ReadOnlySpan<char> literal, out ReadOnlySpan<char> before)
    {
        int at = Rest.IndexOf(literal, StringComparison.Ordinal);
        before = at < 0 ? default : Rest[..at];
        if (at < 0) return false;
        Rest = Rest[at..];
        return true;
    }
}
