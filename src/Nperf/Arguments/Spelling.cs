namespace Nperf.Arguments;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    // What is longer was not meant to be a name, and takes long to compare.
    private const int LongestWord = 64;

    // What the field and other languages call the element types.
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["float"] = "float32",
        ["single"] = "float32",
        ["fp32"] = "float32",
        ["f32"] = "float32",
        ["double"] = "float64",
        ["fp64"] = "float64",
        ["f64"] = "float64",
        ["half"] = "float16",
        ["fp16"] = "float16",
        ["f16"] = "float16",
        ["bf16"] = "bfloat16",
        ["char"] = "int8",
        ["byte"] = "uint8",
        ["int"] = "int32",
        ["uint"] = "uint32",
        ["long"] = "int64",
        ["ulong"] = "uint64",
        ["mean"] = "avg",
        ["average"] = "avg",
        ["product"] = "prod",
        ["add"] = "sum",
        ["minimum"] = "min",
        ["maximum"] = "max",
        ["bcast"] = "broadcast",
        ["off"] = "none",
        ["never"] = "none",
        ["always"] = "each",
        ["socket"] = "tcp",
        ["sockets"] = "tcp",
    };

    /// <summary>A question to append to a message: <c>; did you mean NAME?</c>, or nothing.</summary>
    public static string DidYouMean(string word, IReadOnlyCollection<string> names) =>
        Nearest(word, names) is { } name ? $"; did you mean {name}?" : "";

    /// <summary>The name that <paramref name="word"/> was probably meant to be, or null.</summary>
    public static string? Nearest(string word, IReadOnlyCollection<string> names)
    {
        if (word.Trim('-').Length is < 2 or > LongestWord) return null;
        string lower = word.ToLowerInvariant();
        if (OtherNames.TryGetValue(lower, out string? other) && names.Contains(other)) return other;
        string plain = Plain(lower);
        if (names.FirstOrDefault(name => Plain(name) == plain) is { } same) return same;
        string? nearest = names.MinBy(name => Distance(lower, name));
        int allowed = Math.Max(1, lower.Length / 3);
        return nearest is not null && Distance(lower, nearest) <= allowed ? nearest : null;
    }

    // nccl-tests writes all_reduce_perf, MPI writes Allreduce.
    private static string Plain(string name)
    {
        string plain = name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return plain.EndsWith("perf", StringComparison.Ordinal) ? plain[..^4] : plain;
    }

    // Levenshtein's distance: how many letters to add, drop or change.
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int change = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
