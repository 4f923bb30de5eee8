using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Packages;

/// <summary>The package of Nperf.Core, used as others use it: by the example, in a place where there is no checkout.</summary>
[Collection(PackagesUse.Name)]
public sealed partial class LibraryPackageTests(BuiltPackages packages)
{
    [Fact]
    public void The_example_builds_with_the_package_and_runs()
    {
        Requirements.LongTests();
        using TemporaryFolder folder = new();
        string example = Path.Combine(NperfBinary.Root, "examples", "Library");
        foreach (string file in new[] { "Library.csproj", "Program.cs" }) File.Copy(Path.Combine(example, file), folder.File(file));

        packages.DotNet(folder.Path, "build", "-warnaserror", "-o", folder.File("out"));
        string output = packages.DotNet(folder.Path, folder.File("out/Library.dll"));

        Assert.Equal(
            [1024, 4096, 16384, 65536, 262144, 1048576],
            Row().Matches(output).Select(row => int.Parse(row.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_package_has_both_assemblies_documentation_and_symbols()
    {
        Requirements.LongTests();
        Assert.Subset(
            Files("Nperf.Core.*.nupkg"),
            new HashSet<string> { "README.md", "lib/net10.0/Nperf.Core.dll", "lib/net10.0/Nperf.Core.xml", "lib/net10.0/Nperf.Native.dll" });
        Assert.Contains("lib/net10.0/Nperf.Core.pdb", Files("Nperf.Core.*.snupkg"));
    }

    private HashSet<string> Files(string pattern)
    {
        using ZipArchive archive = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(packages.Source, pattern)));
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    [GeneratedRegex(@"^ *(\d+) B +\d+\.\d+ us +\d+\.\d+ GB/s$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
