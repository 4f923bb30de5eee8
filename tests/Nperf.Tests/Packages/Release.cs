using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Packages;

/// <summary>What <c>scripts/release.sh</c> makes.</summary>
internal static class Release
{
    /// <summary>With two busy processors each archive takes a minute or two.</summary>
    private const double Seconds = 900;

    /// <summary>Makes <paramref name="parts"/> and takes them from this checkout's build into <paramref name="folder"/>, which it returns.</summary>
    public static string Make(string folder, params string[] parts)
    {
        using RunningProcess release = RunningProcess.Start(Path.Combine(NperfBinary.Root, "scripts", "release.sh"), parts);
        release.ExpectSuccess(Seconds);
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Path.Combine(NperfBinary.Root, "build", "release")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }
}
