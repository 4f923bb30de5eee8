using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Packages;

/// <summary>The packages of this checkout, built once for all tests that look at them, and the SDK as one uses it elsewhere.</summary>
public sealed class BuiltPackages : IDisposable
{
    private const double Seconds = 280;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _packages;

    public BuiltPackages() => _packages = new Lazy<string>(Build);

    /// <summary>The folder that they are in: what NuGet calls a local source.</summary>
    public string Source => _packages.Value;

    /// <summary>Runs a command of the SDK to a good end, with packages of <see cref="Source"/> alone; returns its standard output.</summary>
    internal string DotNet(string directory, params string[] arguments)
    {
        string config = _folder.File("nuget.config");
        File.WriteAllText(config, $"""
            <configuration><packageSources><clear /><add key="built" value="{Source}" /></packageSources></configuration>
            """);
        return Run(directory, arguments, ("NUGET_PACKAGES", _folder.File("cache")), ("RestoreConfigFile", config));
    }

    public void Dispose() => _folder.Dispose();

    private string Build()
    {
        Requirements.Program("dotnet", "dotnet-sdk-10.0");
        return Release.Make(_folder.File("packages"), "packages");
    }

    private static string Run(string directory, string[] arguments, params (string Name, string? Value)[] variables)
    {
        Dictionary<string, string?> environment = new(variables.ToDictionary(one => one.Name, one => one.Value))
        {
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        using RunningProcess dotnet = RunningProcess.Start("dotnet", arguments, directory, environment);
        dotnet.ExpectSuccess(Seconds);
        return dotnet.Output;
    }
}

/// <summary>The collection of the tests of packages: building them takes all processors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PackagesUse : ICollectionFixture<BuiltPackages>
{
    public const string Name = "Packages";
}
