using System.Globalization;
using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

/// <summary>
/// The launcher of this checkout, with the binary behind it built. Tests in its collection run one after the other:
/// they measure time and use fixed ports.
/// </summary>
public sealed class NperfBinary
{
    public NperfBinary()
    {
        using RunningProcess version = Start("--version");
        version.ExpectSuccess(BuildSeconds);
    }

    /// <summary>The repository's root.</summary>
    public static string Root => Checkout.Folder;

    /// <summary>The launcher.</summary>
    public static string Path { get; } = System.IO.Path.Combine(Root, "nperf");

    private const double BuildSeconds = 280;

    /// <summary>Starts nperf with the arguments as one would type them, separated by spaces.</summary>
    internal static RunningProcess Start(string arguments) => RunningProcess.Start(Path, Split(arguments));

    /// <summary>The same with variables of its own.</summary>
    internal static RunningProcess Start(string arguments, IReadOnlyDictionary<string, string?> environment) =>
        RunningProcess.Start(Path, Split(arguments), environment: environment);

    /// <summary>Runs nperf to a good end and returns its standard output.</summary>
    internal static string Run(string arguments, double seconds = 60)
    {
        using RunningProcess nperf = Start(arguments);
        nperf.ExpectSuccess(seconds);
        return nperf.Output;
    }

    /// <summary>Starts a server on a port of the system's choice and returns it with the port, once it listens.</summary>
    internal static (RunningProcess Server, int Port) StartServer(string arguments)
    {
        RunningProcess server = Start($"-s -p 0 {arguments}");
        try
        {
            return (server, ListeningPort(server));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the server listens.</summary>
    internal static int ListeningPort(RunningProcess server) =>
        int.Parse(server.WaitForLine(@"listening on .*?:(\d+)\b").Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>The native binary behind the launcher; skips the test where only a managed one could be built.</summary>
    internal static string NativePath()
    {
        string? found = Directory.GetDirectories(System.IO.Path.Combine(Root, "build"), "linux*")
            .Select(folder => System.IO.Path.Combine(folder, "nperf"))
            .FirstOrDefault(file => File.Exists(file) && !File.Exists($"{file}.dll"));
        Assert.SkipWhen(found is null, "there is no native binary: no C linker works here");
        return found!;
    }

    internal static string[] Split(string arguments) =>
        arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>The collection of the tests that run the binary.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NperfBinaryUse : ICollectionFixture<NperfBinary>
{
    public const string Name = "The nperf binary";
}
