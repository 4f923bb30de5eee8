using System.Text.RegularExpressions;

namespace Nperf.Tests.EndToEnd;

/// <summary>
/// The program behind scripts/chaos.sh, a few runs: that its runs come about and are judged. What it is for takes a thousand.
/// </summary>
[Collection(NperfBinaryUse.Name)]
public sealed class ChaosTests
{
    [Fact]
    public void Some_runs_with_a_process_killed_or_told_to_end_pass()
    {
        Requirements.Root("a /dev/shm of their own");
        using RunningProcess chaos = Start("--runs 6 --seed 14 --mode threads,local,socket-shm --parallel 2 --timeout 30 --slack 60", NperfBinary.NativePath());
        chaos.ExpectSuccess();
        Assert.EndsWith("\n6 passed, 0 failed\n", chaos.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\| SIG\w+ \| \d+ \|", chaos.Output);
    }

    [Fact]
    public void A_program_that_answers_no_signal_as_nperf_does_fails()
    {
        Requirements.Root("a /dev/shm of their own");
        using TemporaryFolder folder = new();
        string other = folder.File("nperf");
        File.WriteAllText(other, "#!/bin/sh\necho 'progress: 2 of 3 sizes done, 3 of 4 sizes done'\nexec sleep 1\n");
        File.SetUnixFileMode(other, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using RunningProcess chaos = Start($"--runs 2 --seed 17 --mode threads --keep {folder.File("kept")}", other);
        chaos.ExpectExit(1);
        Assert.Matches("(?m)^FAILED seed 17, run [12]: threads, .*wrote no document", chaos.Output);
        Assert.NotEmpty(Directory.GetFiles(folder.File("kept")));
    }

    private static RunningProcess Start(string options, string binary)
    {
        string built = Regex.Replace(AppContext.BaseDirectory, @"/Nperf\.Tests/", "/Nperf.Chaos/", RegexOptions.None);
        return RunningProcess.Start(Path.Combine(built, "Nperf.Chaos"), [binary, .. NperfBinary.Split(options)]);
    }
}
