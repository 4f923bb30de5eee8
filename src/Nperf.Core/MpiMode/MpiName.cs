using Nperf.Native;

namespace Nperf.Core.MpiMode;

/// <summary>What an MPI library is called, from what it says of itself.</summary>
internal static class MpiName
{
    private const int Longest = 64;

    /// <summary>For example <c>Open MPI 4.1.4</c>, <c>MPICH 4.0.2</c>, <c>MPICH 5.0.1 by the standard interface</c>.</summary>
    public static string Of(Mpi mpi)
    {
        string name = Of(mpi.LibraryVersion);
        return mpi.Flavor == MpiFlavor.Standard ? $"{name} by the standard interface" : name;
    }

    /// <summary>The name and version in MPI_Get_library_version's <paramref name="text"/>; of forms not known its beginning.</summary>
    internal static string Of(string text)
    {
        string line = Words(text.Split('\n')[0]);

        // Open MPI v4.1.4, package: Debian OpenMPI, ident: ...
        if (line.StartsWith("Open MPI v", StringComparison.Ordinal)) return $"Open MPI {line.Split(',')[0]["Open MPI v".Length..]}";

        // MPI VERSION : CRAY MPICH version 8.1.29.44 (ANL base 3.4a2)
        const string Cray = "MPI VERSION : ";
        if (line.StartsWith(Cray, StringComparison.Ordinal))
            return Cut(line[Cray.Length..].Split('(')[0].Replace(" version ", " ", StringComparison.Ordinal));

        // MPICH Version: 4.0.2, MVAPICH2 Version : 2.3.7
        string[] parts = line.Split(':', 2);
        const string Version = " Version";
        return parts.Length == 2 && parts[0].TrimEnd().EndsWith(Version, StringComparison.Ordinal)
            ? Cut($"{parts[0].TrimEnd()[..^Version.Length]} {parts[1].Trim()}")
            : Cut(line);
    }

    private static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Cut(string text) => (text.Length <= Longest ? text : text[..Longest]).TrimEnd();
}
