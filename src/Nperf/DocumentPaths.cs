using Nperf.Core;

namespace Nperf;

/// <summary>The files that a command line names where it takes documents: folders stand for the <c>*.json</c> in them.</summary>
internal static class DocumentPaths
{
    /// <summary>Those of <paramref name="paths"/>, in order; a folder with nothing to be <paramref name="toWhat"/> (<c>compared</c>) in it is refused.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> paths, string toWhat) => [.. paths.SelectMany(path => Files(path, toWhat))];

    private static string[] Files(string path, string toWhat)
    {
        if (!Directory.Exists(path)) return [path];
        string[] files = [.. Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new RunException(FailureKind.Usage, $"{path} cannot be {toWhat}: there is no *.json in it");
    }
}
