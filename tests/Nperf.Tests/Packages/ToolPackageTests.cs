using System.Text.Json;
using Nperf.Arguments;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Packages;

/// <summary>nperf as a .NET tool, installed from the package.</summary>
[Collection(PackagesUse.Name)]
public sealed class ToolPackageTests(BuiltPackages packages)
{
    [Fact]
    public void It_is_installed_and_runs_with_ranks_in_threads_and_in_processes()
    {
        Requirements.LongTests();
        using TemporaryFolder folder = new();
        packages.DotNet(folder.Path, "tool", "install", "nperf", "--tool-path", folder.File("tools"), "--source", packages.Source);

        Assert.Equal($"nperf {CommandLine.ProgramVersion}\n", Run(folder, "--version"));
        Assert.Equal((2, 1), RanksAndProcesses(Run(folder, "--backend host -n 2 -b 1K -i 2 -J")));
        Assert.Equal((2, 2), RanksAndProcesses(Run(folder, "--backend host -n 2 -b 1K -i 2 -J --ranks-in processes")));

        // The same by the other way to start a managed program.
        string assembly = Assert.Single(Directory.GetFiles(folder.File("tools"), "nperf.dll", SearchOption.AllDirectories));
        Assert.Equal(
            (2, 2), RanksAndProcesses(packages.DotNet(folder.Path, [assembly, .. NperfBinary.Split("--backend host -n 2 -b 1K -i 2 -J --ranks-in processes")])));
    }

    private static string Run(TemporaryFolder folder, string arguments)
    {
        using RunningProcess nperf = RunningProcess.Start(folder.File("tools/nperf"), NperfBinary.Split(arguments));
        nperf.ExpectSuccess();
        return nperf.Output;
    }

    private static (int Ranks, int Processes) RanksAndProcesses(string document)
    {
        using JsonDocument json = JsonDocument.Parse(document);
        Assert.Equal(1, json.RootElement.GetProperty("results").GetArrayLength());
        return (json.RootElement.GetProperty("config").GetProperty("numGpus").GetInt32(), json.RootElement.GetProperty("processes").GetArrayLength());
    }
}
