using Nperf.Completion;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Completion;

/// <summary>The completion scripts in the shells that they are for.</summary>
public sealed class ShellTests
{
    private const double Seconds = 60;

    [Theory]
    [InlineData("nperf --op allr", "allreduce")]
    [InlineData("nperf --op allreduce,allg", "allreduce,allgather")]
    [InlineData("nperf --op = allr", "allreduce")]
    [InlineData("nperf --verify ", "none once each")]
    [InlineData("nperf --form", "--format")]
    [InlineData("nperf -n ", "")]
    [InlineData("nperf comp", "compare completion")]
    [InlineData("nperf completion ", "bash zsh fish")]
    [InlineData("nperf launch --hostf", "--hostfile")]
    [InlineData("nperf launch --op red", "")]
    [InlineData("nperf launch --hosts a -- --op red", "reduce reducescatter")]
    [InlineData("nperf compare --max", "--max-regression")]
    [InlineData("nperf -o pass", "passwords passes")]
    [InlineData("nperf compare pass", "passwords passes")]
    public void Bash_completes(string line, string expected)
    {
        using TemporaryFolder folder = new();
        foreach (string file in new[] { "passes", "passwords", "other" }) File.WriteAllText(folder.File(file), "");
        const string Drive = """
            source "$1"
            COMP_WORDS=("${@:2}")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _nperf
            echo "${COMPREPLY[*]}"
            """;
        string script = Write(folder, BashScript.Build());
        string[] found = Run(folder, "bash", ["--norc", "-c", Drive, "bash", script, .. line.Split(' ')]).Split(' ');
        Assert.Equal(expected.Split(' ').Order(), found.Order());
    }

    /// <summary>Zsh completes for a line that is edited: a terminal, a tab, and a key that shows what has become of the line.</summary>
    [Fact]
    public void Zsh_completes()
    {
        Requirements.Program("zsh", "zsh");
        using TemporaryFolder folder = new();
        const string Drive = """
            zmodload zsh/zpty
            zpty terminal zsh -f -i
            zpty -w terminal "PS1=; autoload -Uz compinit; compinit -u -D; source ${(q)1}; show() { print -r -- \"<\$BUFFER>\"; BUFFER=; }; zle -N show; bindkey '^X' show; print RE''ADY"
            zpty -r -m terminal answer '*READY*'
            for line in "${@:2}"; do
                zpty -n -w terminal "$line"$'\t\030'
                zpty -r -m terminal answer '*<*>*'
                print -r -- "${${answer##*<}%%>*}"
            done
            zpty -d terminal
            """;
        string[] lines =
        [
            "nperf --op allr", "nperf --op=allreduce,allg", "nperf comple", "nperf completion fi", "nperf launch --hostf",
            "nperf launch --hosts a -- --op barr", "nperf --verify=ea", "nperf compare --max",
        ];
        string found = Run(folder, "zsh", ["-f", "-c", Drive, "zsh", Write(folder, ZshScript.Build()), .. lines]);
        Assert.Equal(
            [
                "nperf --op allreduce,", "nperf --op=allreduce,allgather,", "nperf completion ", "nperf completion fish ", "nperf launch --hostfile=",
                "nperf launch --hosts a -- --op barrier,", "nperf --verify=each ", "nperf compare --max-regression=",
            ],
            found.Split('\n'));
    }

    [Theory]
    [InlineData("nperf --op allr", "allreduce")]
    [InlineData("nperf --op allreduce,allg", "allreduce,allgather")]
    [InlineData("nperf --op=allr", "--op=allreduce")]
    [InlineData("nperf comp", "compare", "completion")]
    [InlineData("nperf completion ", "bash", "fish", "zsh")]
    [InlineData("nperf launch --hostf", "--hostfile")]
    [InlineData("nperf launch --op red")]
    [InlineData("nperf launch --hosts a -- --op red", "reduce", "reducescatter")]
    [InlineData("nperf launch --hosts a -- -b 1K --op=allreduce,allg", "--op=allreduce,allgather")]
    [InlineData("nperf launch --hosts a -- --form", "--format")]
    [InlineData("nperf launch --hosts a -- -o pass", "passes", "passwords")]
    [InlineData("nperf launch --hosts a -- comp")]
    [InlineData("nperf launch --hosts a -- --hostf")]
    [InlineData("nperf compare -- --op red")]
    [InlineData("nperf compare --max", "--max-regression")]
    [InlineData("nperf -o pass", "passes", "passwords")]
    [InlineData("nperf compare pass", "passes", "passwords")]
    public void Fish_completes(string line, params string[] expected)
    {
        Requirements.Program("fish", "fish");
        using TemporaryFolder folder = new();
        foreach (string file in new[] { "passes", "passwords", "other" }) File.WriteAllText(folder.File(file), "");
        string found = Run(folder, "fish", ["--no-config", "-c", $"source '{Write(folder, FishScript.Build())}'; complete -C '{line}'"]);
        Assert.Equal(expected, found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('\t')[0]));
    }

    private static string Write(TemporaryFolder folder, string script)
    {
        string path = folder.File(".nperf-completion");
        File.WriteAllText(path, script + "\n");
        return path;
    }

    private static string Run(TemporaryFolder folder, string shell, string[] arguments)
    {
        using RunningProcess process = RunningProcess.Start(
            shell, arguments, folder.Path, new Dictionary<string, string?> { ["TERM"] = "xterm", ["HOME"] = folder.Path, ["XDG_CONFIG_HOME"] = null, ["XDG_DATA_HOME"] = null });
        process.ExpectSuccess(Seconds);
        Assert.Equal("", process.Errors);
        return process.Output.TrimEnd('\n');
    }
}
