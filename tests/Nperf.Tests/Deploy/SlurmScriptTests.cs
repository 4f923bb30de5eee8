using System.Text.RegularExpressions;
using Nperf.Arguments;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Deploy;

/// <summary>The batch scripts of <c>deploy/slurm</c>, run with an srun that only tells what it was asked for.</summary>
public sealed class SlurmScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Scripts =>
        [.. Directory.GetFiles(Folder, "*.sbatch").Select(file => Path.GetFileName(file)).Order()];

    private static string Folder => Path.Combine(NperfBinary.Root, "deploy", "slurm");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Slurm_finds_every_one_of_its_lines_before_the_first_command(string script)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, script));
        Assert.Equal("#!/bin/bash", lines[0]);
        string[] options = [.. lines.Where(line => line.Contains("SBATCH", StringComparison.Ordinal))];
        Assert.All(options, line => Assert.Matches(new Regex("^#SBATCH --[a-z-]+(=[A-Za-z0-9:%._-]+)?$"), line));
        Assert.Contains("#SBATCH --ntasks-per-node=1", options);
        Assert.Equal(options, lines.TakeWhile(line => line.StartsWith('#')).Where(line => options.Contains(line)));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Nperf_takes_what_it_runs_by_itself(string script)
    {
        string[] words = Run(script);
        Assert.Equal(["--kill-on-bad-exit=1", "./nperf"], words[..2]);
        Assert.Empty(CommandLine.Parse(words[2..]).Errors);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Its_own_options_replace_those_and_stay_the_words_they_were(string script)
    {
        string[] words = Run(script, "--op", "alltoall", "-b", "64K", "-o", "two words");
        Assert.Equal(["--op", "alltoall", "-b", "64K", "-o", "two words"], words[^6..]);
        Assert.DoesNotContain("allreduce", words);
    }

    private string[] Run(string script, params string[] options)
    {
        string srun = _folder.File("srun");
        File.WriteAllText(srun, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        File.SetUnixFileMode(srun, (UnixFileMode)0b111_101_101);
        using RunningProcess run = RunningProcess.Start(
            Path.Combine(Folder, script), options,
            environment: new Dictionary<string, string?>
            {
                ["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
                ["NPERF"] = null,
            });
        run.ExpectSuccess();
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
