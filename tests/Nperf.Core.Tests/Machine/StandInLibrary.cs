using System.Diagnostics;

namespace Nperf.Core.Tests.Machine;

/// <summary>
/// A shared library made from C source for one test, which names it by its path. Skips the test where there is no gcc.
/// </summary>
internal sealed class StandInLibrary : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nperf test ").FullName;

    /// <summary>Compiles <paramref name="source"/> into a library at <paramref name="relativePath"/> of its folder.</summary>
    public StandInLibrary(string source, string relativePath = "libstandin.so")
    {
        Path = System.IO.Path.Combine(_folder, relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        string code = System.IO.Path.Combine(_folder, "standin.c");
        File.WriteAllText(code, source);
        Compile(code, Path);
    }

    /// <summary>Whether there is a gcc.</summary>
    public static bool HasCompiler =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(System.IO.Path.Combine(folder, "gcc")));

    /// <summary>The folder that holds it, of this test alone.</summary>
    public string Folder => _folder;

    /// <summary>The library's file.</summary>
    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Compile(string code, string library)
    {
        Assert.SkipUnless(HasCompiler, "gcc is not installed, which makes the stand-in library");
        using Process gcc = Process.Start("gcc", ["-shared", "-fPIC", "-O1", "-o", library, code]);
        Assert.True(gcc.WaitForExit(TimeSpan.FromSeconds(300)), "gcc takes too long");
        Assert.Equal(0, gcc.ExitCode);
    }
}
