using System.Runtime.InteropServices;
using Nperf.Arguments;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Packages;

/// <summary>The archives of a release, unpacked as their users do.</summary>
[Collection(PackagesUse.Name)]
public sealed class ArchiveTests
{
    private const string Arm64 = "arm64", X64 = "x64", ArmRoot = "/usr/aarch64-linux-gnu";

    /// <summary>The field e_machine of an ELF file: EM_X86_64, EM_AARCH64 (elf.h).</summary>
    private static readonly Dictionary<string, int> Machines = new() { [X64] = 62, [Arm64] = 183 };

    [Fact]
    public void The_archive_of_this_machine_has_a_program_that_runs_and_what_belongs_to_it()
    {
        Requirements.LongTests();
        string here = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? Arm64 : X64;
        using TemporaryFolder folder = new();
        string root = Unpack(folder, here);

        Assert.Equal($"nperf {CommandLine.ProgramVersion}\n", Run($"{root}/bin/nperf", "--version"));
        Assert.Contains("in 2 processes", Run($"{root}/bin/nperf", "--backend", "host", "-n", "2", "--ranks-in", "processes", "-b", "1K", "-i", "2"));
        Assert.Contains("_nperf", File.ReadAllText($"{root}/share/bash-completion/completions/nperf"));
        Assert.StartsWith("#compdef nperf\n", File.ReadAllText($"{root}/share/zsh/site-functions/_nperf"));
        Assert.Contains("complete -c nperf", File.ReadAllText($"{root}/share/fish/vendor_completions.d/nperf.fish"));
        Assert.StartsWith("MIT License", File.ReadAllText($"{root}/share/doc/nperf/LICENSE"));
        Assert.Contains(".TH NPERF 1", Run("gzip", "-dc", $"{root}/share/man/man1/nperf.1.gz"));

        // Two makings of the same are the same.
        string first = File.ReadAllText(folder.File("release/SHA256SUMS"));
        Release.Make(folder.File("again"), here);
        Assert.Equal(first, File.ReadAllText(folder.File("again/SHA256SUMS")));
    }

    [Fact]
    public void The_archive_for_arm64_has_a_program_that_runs_on_such_a_processor()
    {
        Requirements.LongTests();
        Assert.SkipUnless(RuntimeInformation.OSArchitecture == Architecture.X64, "it is linked across on x64 alone");
        Requirements.Program("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu");
        Requirements.Program("qemu-aarch64", "qemu-user");
        Assert.SkipUnless(File.Exists($"{ArmRoot}/lib/libc.so.6"), "there is no libc for arm64 (Debian package libc6-dev-arm64-cross)");
        using TemporaryFolder folder = new();
        string nperf = $"{Unpack(folder, Arm64)}/bin/nperf";

        Assert.Equal($"nperf {CommandLine.ProgramVersion}\n", Run("qemu-aarch64", "-L", ArmRoot, nperf, "--version"));
        string table = Run("qemu-aarch64", "-L", ArmRoot, nperf, "--backend", "host", "-n", "2", "-b", "1K", "-B", "64K", "-S", "8", "-i", "2", "--verify");
        Assert.Contains("wrong results  none", table);
    }

    private static string Unpack(TemporaryFolder folder, string architecture)
    {
        string release = Release.Make(folder.File("release"), architecture);
        using RunningProcess sums = RunningProcess.Start("sha256sum", ["--check", "SHA256SUMS"], release);
        sums.ExpectSuccess();
        string name = $"nperf-{CommandLine.ProgramVersion}-linux-{architecture}";
        Run("tar", "-xzf", Path.Combine(release, $"{name}.tar.gz"), "-C", folder.Path);
        byte[] header = new byte[20];
        using FileStream binary = File.OpenRead(folder.File($"{name}/bin/nperf"));
        binary.ReadExactly(header);
        Assert.Equal(Machines[architecture], BitConverter.ToUInt16(header, 18));
        return folder.File(name);
    }

    private static string Run(string file, params string[] arguments)
    {
        using RunningProcess process = RunningProcess.Start(file, arguments);
        process.ExpectSuccess();
        return process.Output;
    }
}
