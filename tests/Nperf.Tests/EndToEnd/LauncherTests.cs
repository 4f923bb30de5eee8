namespace Nperf.Tests.EndToEnd;

/// <summary>
/// The launcher in a checkout of its own, with a dotnet that only notes that it was called and a gcc that links
/// everything: what it does and when, not what it builds.
/// </summary>
public sealed class LauncherTests : IDisposable
{
    private const string FakeDotnet = """
        #!/bin/sh
        case $1 in
            *.dll) shift; echo "managed: $*"; exit ;;
        esac
        echo built >>"${0%/*}/builds"
        echo "progress of the build"
        for argument; do
            [ "${previous:-}" != -o ] || output=$argument
            [ "$argument" != -p:PublishAot=false ] || managed=yes
            previous=$argument
        done
        printf '#!/bin/sh\necho "native: $*"\n' >"$output/nperf"
        chmod +x "$output/nperf"
        [ -z "${managed:-}" ] || : >"$output/nperf.dll"
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _checkout, _tools, _launcher;

    public LauncherTests()
    {
        _checkout = _folder.File("a checkout");
        _tools = _folder.File("tools");
        _launcher = Path.Combine(_checkout, "nperf");
        Directory.CreateDirectory(Path.Combine(_checkout, "src", "Nperf", "Output"));
        Directory.CreateDirectory(_tools);
        foreach (string file in new[] { "global.json", "Directory.Build.props", "src/Nperf/Nperf.csproj", "src/Nperf/Output/Row.cs" })
            File.WriteAllText(Path.Combine(_checkout, file), "");
        File.Copy(NperfBinary.Path, _launcher);

        foreach (string tool in new[] { "uname", "readlink", "find", "flock", "mkdir", "rm", "mv", "touch", "chmod" })
            File.CreateSymbolicLink(Path.Combine(_tools, tool), Requirements.Find(tool)!);
        AddTool("dotnet", FakeDotnet);
        AddTool("gcc", "#!/bin/sh\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_builds_once_and_then_becomes_the_binary()
    {
        using RunningProcess first = Launch(_launcher, "--op", "two words");
        first.ExpectSuccess();
        Assert.Equal("native: --op two words\n", first.Output);
        Assert.Contains("progress of the build", first.Errors, StringComparison.Ordinal);

        using RunningProcess second = Launch(_launcher);
        second.ExpectSuccess();
        Assert.Empty(second.Errors);
        Assert.Equal(1, Builds());
    }

    [Theory]
    [InlineData("src/Nperf/Output/Row.cs")]
    [InlineData("src/Nperf/Nperf.csproj")]
    [InlineData("Directory.Build.props")]
    [InlineData("global.json")]
    public void It_builds_again_when_a_source_is_newer(string source)
    {
        Run(_launcher);
        File.SetLastWriteTimeUtc(Path.Combine(_checkout, source), DateTime.UtcNow.AddSeconds(5));
        Run(_launcher);
        Assert.Equal(2, Builds());
    }

    [Fact]
    public void It_builds_again_when_a_source_was_removed()
    {
        Run(_launcher);
        string folder = Path.Combine(_checkout, "src", "Nperf", "Output");
        File.Delete(Path.Combine(folder, "Row.cs"));
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddSeconds(5));
        Run(_launcher);
        Assert.Equal(2, Builds());
    }

    [Fact]
    public void Another_build_of_the_same_sources_does_not_make_it_build_again()
    {
        Run(_launcher);
        foreach (string folder in new[] { "obj", "bin" })
        {
            string output = Path.Combine(_checkout, "src", "Nperf", folder);
            Directory.CreateDirectory(output);
            File.WriteAllText(Path.Combine(output, "Nperf.dll"), "");
            File.SetLastWriteTimeUtc(Path.Combine(output, "Nperf.dll"), DateTime.UtcNow.AddSeconds(5));
        }
        Directory.SetLastWriteTimeUtc(Path.Combine(_checkout, "src", "Nperf"), DateTime.UtcNow.AddSeconds(5));
        Run(_launcher);
        Assert.Equal(1, Builds());
    }

    [Fact]
    public void Through_links_it_still_finds_its_home()
    {
        string links = _folder.File("links");
        Directory.CreateDirectory(links);
        File.CreateSymbolicLink(Path.Combine(links, "absolute"), _launcher);
        File.CreateSymbolicLink(Path.Combine(links, "relative"), "../a checkout/nperf");
        File.CreateSymbolicLink(_folder.File("to a link"), "links/relative");
        Run(Path.Combine(links, "absolute"));
        Run(Path.Combine(links, "relative"));
        Run(_folder.File("to a link"));
        using RunningProcess relative = Launch("/bin/sh", "-c", "'./to a link'");
        relative.ExpectSuccess();
        Assert.Equal(1, Builds());
    }

    [Fact]
    public void Launched_many_times_at_once_it_builds_once()
    {
        RunningProcess[] launchers = [.. Enumerable.Range(0, 4).Select(_ => Launch(_launcher, "x"))];
        try
        {
            foreach (RunningProcess launcher in launchers)
            {
                launcher.ExpectSuccess();
                Assert.Equal("native: x\n", launcher.Output);
            }
            Assert.Equal(1, Builds());
        }
        finally
        {
            foreach (RunningProcess launcher in launchers) launcher.Dispose();
        }
    }

    [Fact]
    public void Without_a_linker_it_runs_the_managed_build_and_says_once_what_is_missing()
    {
        File.Delete(Path.Combine(_tools, "gcc"));
        using RunningProcess first = Launch(_launcher, "x");
        first.ExpectSuccess();
        Assert.Equal("managed: x\n", first.Output);
        Assert.Contains("no C linker", first.Errors, StringComparison.Ordinal);
        Assert.Contains("install gcc or clang", first.Errors, StringComparison.Ordinal);

        using RunningProcess second = Launch(_launcher);
        second.ExpectSuccess();
        Assert.Empty(second.Errors);

        AddTool("clang", "#!/bin/sh\n");
        Assert.StartsWith("native:", Run(_launcher), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_dotnet_it_says_so_in_one_line()
    {
        File.Delete(Path.Combine(_tools, "dotnet"));
        using RunningProcess nperf = Launch(_launcher);
        nperf.ExpectExit(1);
        Assert.Matches(@"^nperf: error: no \.NET SDK[^\n]*\n$", nperf.Errors);
        Assert.Empty(nperf.Output);
    }

    [Fact]
    public void Without_dotnet_a_binary_that_is_there_runs_with_a_warning()
    {
        Run(_launcher);
        File.Delete(Path.Combine(_tools, "dotnet"));
        File.SetLastWriteTimeUtc(Path.Combine(_checkout, "global.json"), DateTime.UtcNow.AddSeconds(5));
        using RunningProcess nperf = Launch(_launcher, "x");
        nperf.ExpectSuccess();
        Assert.Equal("native: x\n", nperf.Output);
        Assert.StartsWith("nperf: warning:", nperf.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_fails_leaves_the_old_binary_and_an_error()
    {
        Run(_launcher);
        AddTool("dotnet", "#!/bin/sh\necho 'error CS1002'\nexit 1\n");
        File.SetLastWriteTimeUtc(Path.Combine(_checkout, "global.json"), DateTime.UtcNow.AddSeconds(5));
        using RunningProcess nperf = Launch(_launcher);
        nperf.ExpectExit(1);
        Assert.Contains("error CS1002", nperf.Errors, StringComparison.Ordinal);
        Assert.Contains("nperf: error: the build failed", nperf.Errors, StringComparison.Ordinal);
        Assert.Empty(nperf.Output);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_checkout, "build"), "nperf", SearchOption.AllDirectories));
    }

    private void AddTool(string name, string script)
    {
        string path = Path.Combine(_tools, name);
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    private RunningProcess Launch(string path, params string[] arguments) => RunningProcess.Start(
        path,
        arguments,
        _folder.Path,
        new Dictionary<string, string?> { ["PATH"] = _tools, ["HOME"] = _tools, ["DOTNET_ROOT"] = null });

    private string Run(string path)
    {
        using RunningProcess nperf = Launch(path);
        nperf.ExpectSuccess();
        return nperf.Output;
    }

    private int Builds() => File.ReadAllLines(Path.Combine(_tools, "builds")).Length;
}
