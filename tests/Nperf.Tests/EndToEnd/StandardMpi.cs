using System.Diagnostics;

namespace Nperf.Tests.EndToEnd;

/// <summary>The library of tests/StandInMpi, built for one test. Skips the test where there is no gcc.</summary>
internal sealed class StandardMpi : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StandardMpi()
    {
        Requirements.Program("gcc", "gcc");
        Path = _folder.File("libmpi_abi.so.0");
        string source = System.IO.Path.Combine(NperfBinary.Root, "tests", "StandInMpi", "standard.c");
        using Process gcc = Process.Start(
            "gcc", ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", Path, source, "-ldl"]);
        Assert.True(gcc.WaitForExit(TimeSpan.FromSeconds(120)), "gcc takes too long");
        Assert.Equal(0, gcc.ExitCode);
    }

    public string Path { get; }

    public void Dispose() => _folder.Dispose();
}
