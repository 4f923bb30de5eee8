using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Nperf.Testing;

/// <summary>
/// The library of tests/StandIn: a CUDA driver, NVML and NCCL on the memory of this machine. Skips the test where there
/// is no gcc to build it. Processes are given <see cref="Library"/> with settings in their environment; within the
/// test's own process each test has a copy of its own, with settings of its own.
/// </summary>
internal sealed unsafe class StandInGpu : IDisposable
{
    private static readonly Lazy<string> Folder = new(MakeFolder);
    private static readonly Lazy<string> Built = new(() => BuildLibrary("libstandin.so"));
    private static readonly Lazy<string> BuiltOld = new(() => BuildLibrary("libstandin-old.so", "-DSTANDIN_OLD"));
    private static int _copies;

    private StandInGpu(string path) => Path = path;

    /// <summary>The library for processes. It tells NCCL 2.28.9 where STANDIN_NCCL_VERSION says nothing else.</summary>
    public static string Library => Built.Value;

    /// <summary>The same with the symbols that NCCL 2.14 had, no more.</summary>
    public static string OldLibrary => BuiltOld.Value;

    /// <summary>The sources' folder.</summary>
    public static string Sources { get; } = System.IO.Path.Combine(Checkout.Folder, "tests", "StandIn");

    /// <summary>This copy's file, for whatever loads libraries in this process.</summary>
    public string Path { get; }

    /// <summary>
    /// What a process needs in its environment to take the library for its driver and its NVML, beside the settings
    /// given; NCCL's path is its <c>--nccl-lib</c>.
    /// </summary>
    public static Dictionary<string, string?> Environment(params ReadOnlySpan<(string Name, string Value)> settings)
    {
        var environment = new Dictionary<string, string?>
        {
            ["NPERF_CUDA_LIB"] = Library,
            ["NPERF_NVML_LIB"] = Library,
        };
        foreach ((string name, string value) in settings) environment[name] = value;
        return environment;
    }

    /// <summary>Loads a copy into this process, which has state of its own, with these settings (STANDIN_…).</summary>
    public static StandInGpu Load(params ReadOnlySpan<(string Name, string Value)> settings) => Load(Library, settings);

    /// <summary>As <see cref="Load(ReadOnlySpan{ValueTuple{string, string}})"/>, of <see cref="OldLibrary"/>.</summary>
    public static StandInGpu LoadOld(params ReadOnlySpan<(string Name, string Value)> settings) =>
        Load(OldLibrary, settings);

    /// <summary>Compiles a program from all sources of a folder, linked with the library.</summary>
    public static string BuildProgram(string sources, string name)
    {
        string program = System.IO.Path.Combine(Folder.Value, name);
        Compile([.. SourcesIn(sources), Library, "-o", program, "-lm", "-pthread"]);
        return program;
    }

    /// <summary>Removes the file. The library stays loaded, as one of NVIDIA's would.</summary>
    public void Dispose() => File.Delete(Path);

    private static StandInGpu Load(string library, ReadOnlySpan<(string Name, string Value)> settings)
    {
        string copy = $"{library}.{Interlocked.Increment(ref _copies)}";
        File.Copy(library, copy);
        nint handle = NativeLibrary.Load(copy);
        var set = (delegate* unmanaged<byte*, byte*, void>)NativeLibrary.GetExport(handle, "standin_set");
        foreach ((string name, string value) in settings)
            fixed (byte* nameText = Text(name), valueText = Text(value)) set(nameText, valueText);
        return new StandInGpu(copy);
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text + '\0');

    private static string BuildLibrary(string name, params string[] defines)
    {
        string library = System.IO.Path.Combine(Folder.Value, name);
        // The pattern's kernels are C as well, for tests like these.
        string kernels = System.IO.Path.Combine(Checkout.Folder, "src/Nperf.Core/Gpu/Kernels/pattern.cu");
        string[] withKernels = File.Exists(kernels) ? ["-DNPERF_HOST", "-x", "c", kernels] : [];
        Compile(
        [
            "-shared", "-fPIC", "-fvisibility=hidden", "-Wl,-Bsymbolic", .. defines, .. SourcesIn(Sources),
            .. withKernels, "-o", library, "-lm", "-pthread",
        ]);
        return library;
    }

    private static string[] SourcesIn(string folder) =>
        [.. Directory.GetFiles(folder, "*.c").Order(StringComparer.Ordinal)];

    private static void Compile(string[] arguments)
    {
        bool found = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(System.IO.Path.Combine(folder, "gcc")));
        Assert.SkipUnless(found, "gcc is not installed, which makes the stand-in for GPUs");
        using Process gcc = Process.Start("gcc", ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", .. arguments]);
        Assert.True(gcc.WaitForExit(TimeSpan.FromSeconds(300)), "gcc takes too long");
        Assert.Equal(0, gcc.ExitCode);
    }

    // All tests of the process share what is built.
    private static string MakeFolder()
    {
        string folder = Directory.CreateTempSubdirectory("nperf-stand-in-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
