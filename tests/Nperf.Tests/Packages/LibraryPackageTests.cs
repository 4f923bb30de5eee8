using System.IO.Compression;
using System.Text.RegularExpressions;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Packages;

/// <summary>The package of Nperf.Core, used as others use it: by the example, which lies outside of this checkout then.</summary>
[Collection(PackagesUse.Name)]
public sealed partial class LibraryPackageTests
{
    [Fact]
    public void The_example_runs_with_the_package()
    {
        Requirements.LongTests();
        using TemporaryFolder folder = new();
        string packages = DotNet.Pack("src/Nperf.Core", folder);
        string example = Path.Combine(NperfBinary.Root, "examples", "Library");
        string copy = Directory.CreateDirectory(folder.File("Library")).FullName;
        foreach (string file in new[] { "Library.csproj", "Program.cs" }) File.Copy(Path.Combine(example, file), Path.Combine(copy, file));

        DotNet.Run(copy, packages, "build", "--source", packages, "-warnaserror", "-o", folder.File("out"), "--disable-build-servers");
        string output = DotNet.Run(copy, packages, folder.File("out/Library.dll"));

        Assert.Equal([1024, 4096, 16384, 65536, 262144, 1048576], Row().Matches(output).Select(row => int.Parse(row.Groups[1].ValueSpan)));
        Holds(Path.Combine(packages, "Nperf.Core.0.1.0.nupkg"),
            "README.md", "lib/net10.0/Nperf.Core.dll", "lib/net10.0/Nperf.Core.xml", "lib/net10.0/Nperf.Native.dll");
        Holds(Path.Combine(packages, "Nperf.Core.0.1.0.snupkg"), "lib/net10.0/Nperf.Core.pdb");
    }

    private static void Holds(string package, params string[] files)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        Assert.Subset(archive.Entries.Select(entry => entry.FullName).ToHashSet(), files.ToHashSet());
    }

    [GeneratedRegex(@"^ *(\d+) B +\d+\.\d+ us +\d+\.\d+ GB/s$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
