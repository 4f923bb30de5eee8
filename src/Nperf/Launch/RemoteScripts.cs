namespace Nperf.Launch;

/// <summary>
/// What runs on a host before nperf does, as a command for whatever login shell is there. The scripts are for sh, on one
/// line and without single quotes, which keeps them readable once quoted; their replies are lines that begin with a word
/// of their own, since login shells may print lines too.
/// </summary>
internal static class RemoteScripts
{
    /// <summary>The reply with the kernel's name and the machine's.</summary>
    public const string HostReply = "nperf-host ";

    /// <summary>The reply with the path of a file. The two that follow tell of the same file.</summary>
    public const string PathReply = "nperf-path ";

    /// <summary>The reply with the file's SHA-256; empty where the host cannot tell it.</summary>
    public const string HashReply = "nperf-hash ";

    /// <summary>The reply with the first line that the file prints as a program; empty where it is no binary.</summary>
    public const string VersionReply = "nperf-version ";

    // A script called nperf is not run: it could be the one that builds nperf first.
    private const string Functions =
        "say() { printf %s \"$*\"; echo; }; "
        + "place() { case $1 in \"~/\"*) printf %s \"$HOME/${1#??}\";; */*) printf %s \"$1\";; *) command -v \"$1\";; esac; }; "
        + "report() { [ -f \"$1\" ] || return 0; hash=$(sha256sum <\"$1\"); version=; "
        + "case $(head -c 4 \"$1\") in *ELF) version=$(\"$1\" --version 2>&1 </dev/null | head -n 1);; esac; "
        + $"say {PathReply}\"$1\"; say {HashReply}\"${{hash%% *}}\"; say {VersionReply}\"$version\"; }}; ";

    private const string LookScript =
        Functions + $"say {HostReply}\"$(uname -s) $(uname -m)\"; for name; do report \"$(place \"$name\")\"; done";

    // The name is that of this copy alone: several hosts may share the folder.
    private const string TakeScript =
        Functions + "path=$(place \"$1\"); new=$path.$(uname -n).$$; "
        + "mkdir -p \"$(dirname \"$path\")\" && cat >\"$new\" && chmod 755 \"$new\" && hash=$(sha256sum <\"$new\") "
        + "&& [ \"${hash%% *}\" = \"$2\" ] && mv -f \"$new\" \"$path\" || { rm -f \"$new\"; exit 1; }; report \"$path\"";

    /// <summary>
    /// Tells what the host is, and which of <paramref name="paths"/> are there: <c>~/</c> begins one in the home folder,
    /// a name without a slash is looked for in PATH.
    /// </summary>
    public static string Look(IEnumerable<string> paths) => Script(LookScript, paths);

    /// <summary>
    /// Makes a program of what comes through standard input: at <paramref name="path"/>, whole, with this
    /// <paramref name="hash"/>, or not at all. Then tells of it.
    /// </summary>
    public static string Take(string path, string hash) => Script(TakeScript, [path, hash]);

    private static string Script(string script, IEnumerable<string> arguments) =>
        ShellText.Command(["exec", "sh", "-c", script, "sh", .. arguments]);
}
