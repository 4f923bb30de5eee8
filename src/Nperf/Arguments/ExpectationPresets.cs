using Nperf.Core.Expectations;

namespace Nperf.Arguments;

/// <summary>What is expected of known machines: the data of <c>presets.txt</c>, which is part of the program.</summary>
internal static class ExpectationPresets
{
    private static readonly Lazy<IReadOnlyList<(string Name, string[] Lines)>> Presets = new(Load);

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => [.. Presets.Value.Select(preset => preset.Name)];

    /// <summary>A reader of a preset's name.</summary>
    public static string? Read(string name, out IReadOnlyList<Expectation> expectations)
    {
        expectations = [];
        (string Name, string[] Lines) preset = Presets.Value.FirstOrDefault(one => one.Name == name);
        if (preset.Name is null) return $"is not one of {string.Join(", ", Names)}{Spelling.DidYouMean(name, [.. Names])}";
        var found = new List<Expectation>();
        foreach (string line in preset.Lines)
        {
            if (ExpectationText.Read(line, out Expectation? one) is { } mistake)
                throw new InvalidOperationException($"presets.txt: '{line}' {mistake}");
            found.Add(one!);
        }

        expectations = found;
        return null;
    }

    private static List<(string Name, string[] Lines)> Load()
    {
        using Stream stream = typeof(ExpectationPresets).Assembly.GetManifestResourceStream("presets.txt")!;
        using var reader = new StreamReader(stream);
        var presets = new List<(string Name, string[] Lines)>();
        while (reader.ReadLine() is { } line)
        {
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            if (line[0] != ' ') presets.Add((text.Split(':')[0], []));
            else presets[^1] = (presets[^1].Name, [.. presets[^1].Lines, text]);
        }

        return presets;
    }
}
