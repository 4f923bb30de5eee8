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
        using RunningProcess chaos = Start(
            NperfBinary.NativePath(), "--runs 6 --seed 14 --mode threads,local,socket-shm --parallel 2 --timeout 30 --slack 60");
        chaos.ExpectSuccess();
        Assert.EndsWith("\n6 passed, 0 failed\n", chaos.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\| SIG\w+ \| \d+ \|", chaos.Output);
    }

    [Fact]
    public void A_program_that_says_all_went_well_and_measured_nothing_fails()
    {
        Requirements.Root("a /dev/shm of their own");
        using TemporaryFolder folder = new();
        string other = folder.File("nperf");
        File.WriteAllText(other, "#!/bin/sh\nexit 0\n");
        File.SetUnixFileMode(other, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using RunningProcess chaos = Start(other, "--runs 4 --seed 17 --mode threads", "--keep", folder.File("kept"));
        chaos.ExpectExit(1);
        Assert.Matches("(?m)^FAILED seed 17, run [1-4]: threads, .*wrote no document", chaos.Output);
        Assert.NotEmpty(Directory.GetFiles(folder.File("kept")));
    }

    private static RunningProcess Start(string binary, string options, params string[] words)
    {
        string built = AppContext.BaseDirectory.Replace("/Nperf.Tests/", "/Nperf.Chaos/", StringComparison.Ordinal);
        return RunningProcess.Start(Path.Combine(built, "Nperf.Chaos"), [binary, .. NperfBinary.Split(options), .. words]);
    }
}
