using System.Globalization;

namespace Nperf.Chaos;

/// <summary>The command line of scripts/chaos.sh, which has the options in its head.</summary>
internal sealed record ChaosOptions
{
    public required string Binary { get; init; }

    public int Runs { get; init; } = 100;

    public int Seed { get; init; } = 1;

    public int Parallel { get; init; } = 4;

    public IReadOnlyList<string> Modes { get; init; } = [];

    public int? Only { get; init; }

    public double Timeout { get; init; } = 4;

    public double Slack { get; init; } = 2;

    public string? Keep { get; init; }

    public string? Report { get; init; }

    /// <summary>Reads the words of a command line.</summary>
    /// <exception cref="ArgumentException">One of them is not understood.</exception>
    public static ChaosOptions Parse(IReadOnlyList<string> words)
    {
        ChaosOptions options = new() { Binary = "" };
        for (int i = 0; i < words.Count; i++)
        {
            string Value() => ++i < words.Count ? words[i] : throw new ArgumentException($"{words[i - 1]} needs a value");
            int Number() => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number : throw new ArgumentException($"'{words[i]}' is not a number");
            options = words[i] switch
            {
                "--runs" => options with { Runs = Number() },
                "--seed" => options with { Seed = Number() },
                "--parallel" => options with { Parallel = Math.Max(1, Number()) },
                "--mode" => options with { Modes = Value().Split(',') },
                "--only" => options with { Only = Number() },
                "--timeout" => options with { Timeout = Math.Max(1, Number()) },
                "--slack" => options with { Slack = Number() },
                "--keep" => options with { Keep = Path.GetFullPath(Value()) },
                "--report" => options with { Report = Path.GetFullPath(Value()) },
                ['-', ..] => throw new ArgumentException($"{words[i]} is not an option (--help)"),
                _ when options.Binary.Length > 0 => throw new ArgumentException("one BINARY only"),
                _ => options with { Binary = Path.GetFullPath(words[i]) },
            };
        }

        return File.Exists(options.Binary) ? options : throw new ArgumentException("BINARY is to be the published nperf (--help)");
    }
}
