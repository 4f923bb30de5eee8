namespace Nperf.Launch;

/// <summary>A file on a host that may be nperf.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Hash">Its SHA-256, in hexadecimal digits, or nothing.</param>
/// <param name="Version">What it printed when it was asked for its version, or nothing.</param>
internal sealed record RemoteFile(string Path, string Hash, string Version);

/// <summary>What a host said of itself.</summary>
/// <param name="System">The kernel's name and the machine's, for example <c>Linux x86_64</c>; null where it did not say.</param>
/// <param name="Files">Which of the files that it was asked for it has.</param>
internal sealed record HostReply(string? System, IReadOnlyList<RemoteFile> Files)
{
    /// <summary>Reads what <see cref="RemoteScripts"/> have a host print.</summary>
    public static HostReply Of(string output)
    {
        string? system = null;
        var files = new List<RemoteFile>();
        foreach (string line in output.Split('\n'))
        {
            if (After(line, RemoteScripts.HostReply) is { } name) system = name;
            if (After(line, RemoteScripts.PathReply) is { } path) files.Add(new RemoteFile(path, "", ""));
            if (files.Count == 0) continue;
            if (After(line, RemoteScripts.HashReply) is { } hash) files[^1] = files[^1] with { Hash = hash };
            if (After(line, RemoteScripts.VersionReply) is { } version) files[^1] = files[^1] with { Version = version };
        }

        return new HostReply(system, files);
    }

    private static string? After(string line, string start) => line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..] : null;
}
