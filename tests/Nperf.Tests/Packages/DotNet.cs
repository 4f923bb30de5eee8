using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Packages;

/// <summary>The .NET SDK, as one uses it on a machine that has no checkout: with package sources and caches of a test's own.</summary>
internal static class DotNet
{
    private const double Seconds = 280;

    /// <summary>Packs a project of this checkout into <paramref name="folder"/>/packages.</summary>
    public static string Pack(string project, TemporaryFolder folder)
    {
        string packages = folder.File("packages");
        Run(NperfBinary.Root, null, "pack", project, "-c", "Release", "-o", packages, "--artifacts-path", folder.File("artifacts"));
        return packages;
    }

    /// <summary>
    /// Runs a command of the SDK to a good end; packages come from <paramref name="packages"/>, where that is not null, and are
    /// kept beside it.
    /// </summary>
    public static string Run(string directory, string? packages, params string[] arguments)
    {
        Requirements.Program("dotnet", "dotnet-sdk-10.0");
        Dictionary<string, string?> environment = new()
        {
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        if (packages is not null) environment["NUGET_PACKAGES"] = packages + ".cache";
        using RunningProcess dotnet = RunningProcess.Start("dotnet", arguments, directory, environment);
        dotnet.ExpectSuccess(Seconds);
        return dotnet.Output;
    }
}

/// <summary>The collection of the tests that build packages, which takes all processors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PackagesUse
{
    public const string Name = "Packages";
}
