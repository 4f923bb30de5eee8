using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>Where a libnccl may be on a machine, in the order in which nperf looks.</summary>
internal static class NcclSearch
{
    private const string Python = "python3*";

    // Where pip's package of NCCL, which PyTorch brings, puts it below a folder of Python packages.
    private static readonly string InPackages = Path.Combine("nvidia", "nccl", "lib", Nccl.LibraryName);

    /// <summary>
    /// The places: each a file to load, a name for the system's loader, or a pattern that no file fits, which has a star.
    /// <paramref name="variable"/> tells an environment variable.
    /// </summary>
    public static IEnumerable<string> Places(Func<string, string?> variable)
    {
        if (Value(variable, "NCCL_HOME") is { } home) yield return Path.Combine(home, "lib", Nccl.LibraryName);
        yield return Nccl.LibraryName;
        foreach (string folder in PackageFolders(variable).Distinct())
            foreach (string place in Expand(folder)) yield return Path.Combine(place, InPackages);
    }

    private static IEnumerable<string> PackageFolders(Func<string, string?> variable)
    {
        foreach (string name in new[] { "VIRTUAL_ENV", "CONDA_PREFIX" })
            if (Value(variable, name) is { } prefix) yield return Path.Combine(prefix, "lib", Python, "site-packages");
        if (PythonPrefix(Value(variable, "PATH")) is { } python) yield return Path.Combine(python, "lib", Python, "site-packages");
        if (Value(variable, "HOME") is { } home) yield return Path.Combine(home, ".local/lib", Python, "site-packages");
        yield return $"/usr/local/lib/{Python}/dist-packages";
        yield return $"/usr/local/lib/{Python}/site-packages";
        yield return $"/usr/lib/{Python}/dist-packages";
        yield return $"/usr/lib/{Python}/site-packages";
        yield return $"/opt/conda/lib/{Python}/site-packages";
    }

    // An environment is used by its python3 too, without its variables: PREFIX/bin/python3.
    private static string? PythonPrefix(string? path) =>
        path?.Split(':').FirstOrDefault(folder => folder.StartsWith('/') && File.Exists(Path.Combine(folder, "python3")))
            is { } folder ? Path.GetDirectoryName(folder.TrimEnd('/')) : null;

    // The folders that have the library, the newest Python first; the pattern itself where none has.
    private static List<string> Expand(string pattern)
    {
        int star = pattern.IndexOf(Python, StringComparison.Ordinal);
        string parent = pattern[..(star - 1)];
        string rest = pattern[(star + Python.Length + 1)..];
        List<string> folders = [.. FoldersIn(parent)
            .OrderByDescending(VersionOf)
            .Select(folder => Path.Combine(folder, rest))
            .Where(folder => File.Exists(Path.Combine(folder, InPackages)))];
        return folders.Count > 0 ? folders : [pattern];
    }

    private static string[] FoldersIn(string parent)
    {
        try
        {
            return Directory.GetDirectories(parent, Python);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // python3.12 is 3.12; python3, which has no minor number, is the oldest.
    private static Version VersionOf(string folder) =>
        Version.TryParse(Path.GetFileName(folder)["python".Length..], out Version? version) ? version : new Version(3, 0);

    private static string? Value(Func<string, string?> variable, string name) =>
        variable(name) is { Length: > 0 } value ? value : null;
}
