using Nperf.Testing;

namespace Nperf.Chaos;

/// <summary>What all runs share: the program, the stand-ins for GPUs and ssh, the schema, the folders.</summary>
internal sealed class Bench : IDisposable
{
    private readonly Lazy<string> _gpu;
    private readonly Lazy<string> _ssh;

    public Bench(ChaosOptions options)
    {
        Options = options;
        Root = Checkout.Folder;
        Folder = Directory.CreateTempSubdirectory("nperf-chaos-").FullName;
        Memory = Directory.CreateDirectory($"/dev/shm/{Path.GetFileName(Folder)}").FullName;
        Documents = new DocumentCheck(Path.Combine(Root, "docs", "results.schema.json"));
        _gpu = new Lazy<string>(BuildGpu);
        _ssh = new Lazy<string>(WriteSsh);
    }

    public ChaosOptions Options { get; }

    public string Root { get; }

    public string Folder { get; }

    /// <summary>Where the runs have their /dev/shm.</summary>
    public string Memory { get; }

    public DocumentCheck Documents { get; }

    /// <summary>The library of tests/StandIn.</summary>
    public string GpuLibrary => _gpu.Value;

    /// <summary>What is called as ssh and stays on this machine.</summary>
    public string Ssh => _ssh.Value;

    public void Dispose()
    {
        Directory.Delete(Memory, recursive: true);
        Directory.Delete(Folder, recursive: true);
    }

    private string BuildGpu()
    {
        string library = Path.Combine(Folder, "libstandin.so");
        string sources = Path.Combine(Root, "tests", "StandIn");
        Tools.Run(
            "gcc",
            [
                "-std=gnu11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-Wl,-Bsymbolic",
                .. Directory.GetFiles(sources, "*.c").Order(StringComparer.Ordinal),
                "-DNPERF_HOST", "-x", "c", Path.Combine(Root, "src/Nperf.Core/Gpu/Kernels/pattern.cu"),
                "-o", library, "-lm", "-pthread",
            ]);
        return library;
    }

    // As ssh is called: options, the host, a command for its shell.
    private string WriteSsh()
    {
        string file = Path.Combine(Folder, "ssh-here");
        File.WriteAllText(
            file,
            """
            #!/bin/sh
            while case $1 in -[a-zA-Z]) case $1 in -o) shift ;; esac ;; *) false ;; esac; do shift; done
            shift
            exec sh -c "$*"

            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}
