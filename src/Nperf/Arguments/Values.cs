using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>Readers of single values. Numbers are read exactly: no sign, nothing before or behind.</summary>
internal static class Values
{
    private const long LargestSize = 1L << 50;
    private const int LongestCongestionControl = 15; // TCP_CA_NAME_MAX less its end.
    private const double LongestSeconds = 1_000_000;

    /// <summary>A size in bytes: a whole number from 1 on; K, M, G, T (small too) are powers of 1024.</summary>
    public static string? Size(string text, out long bytes)
    {
        const string Mistake = "is not a size; a whole number with K, M, G or T, for example 1M";
        bytes = 0;
        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => 0,
        };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        if (!AreDigits(digits)) return Mistake;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || number > LargestSize >> shift)
        {
            return "is more bytes than there can be; at most 1024T";
        }

        bytes = number << shift;
        return bytes == 0 ? "is no size; at least 1 byte" : null;
    }

    /// <summary>A whole number from <paramref name="smallest"/> to <paramref name="largest"/>.</summary>
    public static ValueReader<int> Whole(int smallest, int largest)
    {
        return Read;

        string? Read(string text, out int value)
        {
            bool isWhole = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
            if (isWhole && value >= smallest && value <= largest) return null;
            if (AreDigits(text) && largest == int.MaxValue && !isWhole) return $"is too large; at most {largest}";
            return largest == int.MaxValue
                ? $"is not a whole number from {smallest} on"
                : $"is not a whole number from {smallest} to {largest}";
        }
    }

    /// <summary>A number of ranks up to <paramref name="most"/>, or <c>all</c>: one for each GPU.</summary>
    public static ValueReader<int> Ranks(int most)
    {
        return Read;

        string? Read(string text, out int value)
        {
            value = ProcessOptions.RankForEachGpu;
            return text == "all" ? null : Whole(1, most)(text, out value) is { } mistake ? $"{mistake}, or all" : null;
        }
    }

    /// <summary>More than 0 seconds.</summary>
    public static string? PositiveSeconds(string text, out double seconds) =>
        Seconds(text, out seconds) ?? (seconds > 0 ? null : "is no time; more than 0 seconds");

    /// <summary>0 seconds or more.</summary>
    public static string? SecondsOrZero(string text, out double seconds) => Seconds(text, out seconds);

    /// <summary>The longest wait: from a millisecond, below which nothing can be told apart, to a day.</summary>
    public static string? Timeout(string text, out double seconds) =>
        Seconds(text, out seconds)
        ?? (seconds is >= 0.001 and <= 86_400 ? null : "is out of range; 0.001 to 86400 seconds");

    /// <summary>The factor from one size to the next.</summary>
    public static string? Factor(string text, out double factor)
    {
        if (!IsDecimal(text, out factor)) return "is not a number, for example 2 or 1.5";
        return factor > 1 ? null : "does not grow; a factor of more than 1";
    }

    /// <summary>A relative difference.</summary>
    public static string? Tolerance(string text, out double tolerance)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool isNumber = double.TryParse(text, Style, CultureInfo.InvariantCulture, out tolerance)
            && char.IsAsciiDigit(text[0]);
        if (!isNumber) return "is not a number, for example 1e-5";
        return tolerance < 1 ? null : "is out of range; from 0 to less than 1, for example 1e-5";
    }

    /// <summary>A part of a whole: from 0 to 1.</summary>
    public static string? Share(string text, out double share) =>
        IsDecimal(text, out share) && share <= 1 ? null : "is not a number from 0 to 1, for example 0.5";

    /// <summary>A part of a whole, in per cent: <c>5%</c>.</summary>
    public static string? Percent(string text, out double part)
    {
        bool isPercent = text.EndsWith('%') & IsDecimal(text.TrimEnd('%'), out part);
        part /= 100;
        return isPercent ? null : "is no percentage, for example 5%";
    }

    /// <summary>How well a time is to be known, in per cent: <c>1%</c>.</summary>
    public static string? Precision(string text, out double part) =>
        Percent(text, out part) is not null ? "is no percentage, for example 1%"
        : part is > 0 and < 1 ? null
        : "is out of range; more than 0% and less than 100%, for example 1%";

    /// <summary>How ranks are divided into groups: <c>mod:8</c>, <c>and:0x7</c>.</summary>
    public static string? Split(string text, out Split? split)
    {
        split = null;
        string[] parts = text.Split(':');
        string[] kinds = [.. Enum.GetNames<SplitKind>().Select(name => name.ToLowerInvariant())];
        int kind = parts.Length == 2 ? Array.IndexOf(kinds, parts[0]) : -1;
        if (kind < 0) return $"is not one of {string.Join(", ", kinds)} with a number behind it, for example mod:8 or and:0x7";
        ReadOnlySpan<char> digits = parts[1];
        bool isHex = digits.StartsWith("0x", StringComparison.Ordinal);
        bool isNumber = isHex
            ? int.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        var read = new Split((SplitKind)kind, value);
        if (!isNumber || value < 0) return $"has '{parts[1]}', which is no whole number up to {int.MaxValue}, such as 8 or 0x7";
        if (!read.IsSound) return "divides by 0; a number from 1 on";
        split = read;
        return null;
    }

    /// <summary>A network interface's name, or a range of addresses.</summary>
    public static string? NetworkInterface(string text, out string? network)
    {
        network = text;
        if (!text.Contains('/'))
        {
            bool isName = text.Length > 0 && !text.Any(char.IsWhiteSpace);
            return isName ? null : "is no interface; a name or a range of addresses";
        }

        // IPNetwork wants the host bits to be zero; 10.1.2.3/16 is as clear.
        string[] parts = text.Split('/');
        bool isRange = parts.Length == 2
            && IPAddress.TryParse(parts[0], out IPAddress? address)
            && AreDigits(parts[1])
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            && bits <= address.GetAddressBytes().Length * 8;
        return isRange ? null : "is no range of addresses; for example 10.1.0.0/16 or fd00::/8";
    }

    /// <summary>The kernel's name of a congestion control of TCP.</summary>
    public static string? CongestionControl(string text, out string? name)
    {
        name = text;
        bool isName = text.Length is > 0 and <= LongestCongestionControl
            && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
        return isName ? null : "is no name of a congestion control; sysctl net.ipv4.tcp_available_congestion_control lists them";
    }

    /// <summary>An address of this machine, that sockets can have.</summary>
    public static string? OwnAddress(string text, out IPAddress? address)
    {
        const string Mistake = "is no address; one of this machine's, such as 10.0.0.1 or fd00::1";

        // Of digits and dots less than four numbers are an address to inet_aton(3), and a mistake to everyone else.
        if (!IPAddress.TryParse(text, out address)) return $"{Mistake}; an interface's name goes with --interface";
        if (address.AddressFamily == AddressFamily.InterNetwork && text.Count(character => character == '.') != 3) return Mistake;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return "is every address, which goes without --bind";
        try
        {
            using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return null;
        }
        catch (SocketException cause)
        {
            return cause.SocketErrorCode == SocketError.AddressNotAvailable
                ? "is no address of this machine; ip address lists those"
                : $"cannot be had: {cause.Message}";
        }
    }

    /// <summary>The name of a file to write.</summary>
    public static string? OutputFile(string text, out string? path)
    {
        path = text;
        if (text.Length == 0) return "is no file name";
        return Hints.ForValue(OptionTable.Output, text) is null ? null : "is taken for another tool's option";
    }

    /// <summary>A shared library's file.</summary>
    public static string? LibraryFile(string text, out string? path)
    {
        path = text;
        return text.Length == 0 ? "is no file name" : null;
    }

    private static string? Seconds(string text, out double seconds)
    {
        if (!IsDecimal(text, out seconds)) return "is not a number of seconds, for example 10 or 0.5";
        return seconds <= LongestSeconds ? null : $"is too long; at most {LongestSeconds} seconds";
    }

    private static bool IsDecimal(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1]) && double.IsFinite(value);

    private static bool AreDigits(ReadOnlySpan<char> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');
}
