using System.Globalization;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>
/// Reads a file of <c>--traffic</c>: a line a sending rank, on it the bytes to each rank, with white space between. As
/// nccl-tests reads them, numbers may have decimals and exponents, and lines without a number do not count.
/// </summary>
internal static class TrafficFile
{
    /// <summary>More than the largest matrix takes with every number at its longest.</summary>
    private const int MostCharacters = 64 << 20;

    /// <summary>A reader of the option's value.</summary>
    public static string? Read(string path, out TrafficMatrix? matrix)
    {
        matrix = null;
        if (GivenFile.Read(path, MostCharacters, out string text) is { } mistake) return mistake;
        if (text.Length > MostCharacters) return "is too large to be a matrix of bytes";
        return Parse(text, out matrix);
    }

    /// <summary>Reads the text of such a file. Returns null, or what is wrong with it.</summary>
    internal static string? Parse(string text, out TrafficMatrix? matrix)
    {
        matrix = null;
        var rows = new List<IReadOnlyList<long>>();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (words.Length > TrafficMatrix.MostRanks || rows.Count == TrafficMatrix.MostRanks)
                return $"is for more than {TrafficMatrix.MostRanks} ranks, which are the most";
            long[] row = new long[words.Length];
            for (int column = 0; column < row.Length; column++)
            {
                if (Bytes(words[column], out row[column]) is { } mistake)
                    return $"has '{Short(words[column])}' in row {rows.Count + 1}, column {column + 1}, {mistake}";
            }

            if (rows.Count > 0 && row.Length != rows[0].Count)
                return $"has {Numbers(row.Length)} in row {rows.Count + 1} and {rows[0].Count} in row 1; as many in each";
            rows.Add(row);
        }

        if (rows.Count == 0) return "has no number in it";
        if (rows.Count != rows[0].Count)
            return $"is not square: {rows.Count} rows of {Numbers(rows[0].Count)}; a row and a column for each rank";
        if (rows.All(row => row.All(bytes => bytes == 0))) return "has nothing to send: every number is 0";
        matrix = new TrafficMatrix(rows);
        return null;
    }

    /// <summary>Whole bytes, rounded down.</summary>
    private static string? Bytes(string word, out long bytes)
    {
        bytes = 0;
        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(word, Style, CultureInfo.InvariantCulture, out double number) || double.IsNaN(number))
            return "which is not a number of bytes";
        if (number < 0) return "which is negative; bytes are 0 or more";
        if (number > TrafficMatrix.MostBytes) return "which is more than 1T, the most for a pair of ranks";
        bytes = (long)number;
        return null;
    }

    private static string Short(string word) => word.Length <= 20 ? word : word[..20] + "...";

    private static string Numbers(int count) => count == 1 ? "1 number" : $"{count} numbers";
}
