using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Launch;

/// <summary>The shells that a host may have for its users, as far as this machine has them.</summary>
internal static class Shells
{
    /// <summary>The shell's name, with the words that have it run a command.</summary>
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["sh"] = ["sh"],
        ["bash"] = ["bash"],
        ["dash"] = ["dash"],
        ["zsh"] = ["zsh"],
        ["fish"] = ["fish"],
        ["tcsh"] = ["tcsh"],
        ["ash"] = ["busybox", "ash"],
    };

    public static TheoryData<string> Names => [.. Known.Keys];

    /// <summary>What <paramref name="command"/> prints in that shell; skips the test where there is none.</summary>
    public static string Run(string shell, string command, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        string[] words = Known[shell];
        Requirements.Program(words[0], words[0] == "busybox" ? "busybox-static" : words[0]);
        using RunningProcess process = RunningProcess.Start(
            Requirements.Find(words[0])!, [.. words.Skip(1), "-c", command], folder, environment);
        process.ExpectSuccess();
        return process.Output;
    }
}
