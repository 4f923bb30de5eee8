using System.Globalization;

namespace Nperf.Output;

/// <summary>Numbers as the table shows them: three digits, or whole units; never an exponent.</summary>
internal static class NumberFormat
{
    /// <summary>What stands for a figure that is not there or has no meaning.</summary>
    public const string Nothing = "-";

    private const int Digits = 3;

    /// <summary>A time in microseconds: at most hundredths, 10 ns, from 100 us on whole ones.</summary>
    public static string Time(double microseconds) => ThreeDigits(microseconds, 2);

    /// <summary>A bandwidth in GB/s: at most millionths, 1 kB/s.</summary>
    public static string Bandwidth(double gigabytesPerSecond) => ThreeDigits(gigabytesPerSecond, 6);

    /// <summary>A part as per cent, at most hundredths of one: <c>6.33 %</c>.</summary>
    public static string Percent(double part) => $"{ThreeDigits(part * 100, 2)} %";

    /// <summary>A whole number.</summary>
    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A size in bytes with the unit that leaves the fewest digits, for sentences: <c>48.3 MiB</c>.</summary>
    public static string Memory(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        double value = bytes;
        int unit = 0;
        // 1023.5 would round to 1024 of the smaller unit.
        for (; value >= 1023.5 && unit < units.Length - 1; unit++) value /= 1024;
        return $"{ThreeDigits(value, unit == 0 ? 0 : 2)} {units[unit]}";
    }

    /// <summary>A duration for sentences: <c>0.52 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time.TotalSeconds < 99.5) return $"{ThreeDigits(time.TotalSeconds, 2)} s";
        var whole = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        return whole.TotalHours < 1
            ? $"{(int)whole.TotalMinutes} min {whole.Seconds} s"
            : $"{(int)whole.TotalHours} h {whole.Minutes} min";
    }

    // As many decimals as three digits allow. Judged by the text, so that what rounds up to ten is shown as ten is.
    private static string ThreeDigits(double value, int mostDecimals)
    {
        if (!double.IsFinite(value)) return Nothing;
        for (int decimals = mostDecimals; decimals > 0; decimals--)
        {
            string text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
            if (SignificantDigits(text) <= Digits) return text;
        }

        return value.ToString("F0", CultureInfo.InvariantCulture);
    }

    private static int SignificantDigits(string text) =>
        text.Where(char.IsAsciiDigit).SkipWhile(digit => digit == '0').Count();
}
