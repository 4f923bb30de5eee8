using Nperf.Core.Machine;

namespace Nperf.Core.NcclLog;

/// <summary>
/// How NCCL is made to log what it does while nothing is timed, and to be silent after. The variables have to be set in
/// the C library's environment alone (setenv(3)): they are not for the document, and not for processes that nperf starts.
/// </summary>
/// <remarks>
/// The user's own log comes first. Where NCCL_DEBUG is INFO or more, or --debug is given and NCCL_DEBUG_FILE names a file,
/// the log goes where the user wants it for the whole run, and nperf reads it where it is a file. What is below INFO
/// (VERSION, WARN) is put back after the explaining phase, whose warnings are in <see cref="NcclActivity.Warnings"/>. What
/// an nccl.conf says of the log is not seen, and ours goes before it.
/// </remarks>
internal sealed record NcclLogSetting
{
    /// <summary>Variables to set before NCCL's first call other than ncclGetVersion.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Explaining { get; internal init; } = [];

    /// <summary>
    /// Variables to set, or where the value is null to unset, once all is explained and before
    /// <see cref="Native.Nccl.ResetLog"/> is called. Empty where the log stays as it is, and then none is to be called.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Silence { get; internal init; } = [];

    /// <summary>The file to read once all is explained, before the log is switched off; null where there is none.</summary>
    public string? File { get; internal init; }

    /// <summary>True where the file's text is to be shown on standard error: --debug asks for it.</summary>
    public bool ShowsFile { get; internal init; }

    /// <summary>Whether the algorithms of collectives will be in the file; else connections alone.</summary>
    public bool TellsChoices { get; internal init; }

    /// <summary>Why less is told than could be, or what it costs; null where there is nothing to say.</summary>
    public string? Remark { get; internal init; }

    /// <summary>Whether the log of <paramref name="version"/> can be switched off while it runs.</summary>
    public static bool HasLogReset(NcclVersion version) => version.IsAtLeast(2, 24);

    /// <summary>The setting for <paramref name="request"/>; <paramref name="variable"/> tells the user's variables.</summary>
    public static NcclLogSetting For(NcclLogRequest request, Func<string, string?> variable) =>
        new NcclLogPlan(request, variable).Setting();
}

/// <summary>What the log is asked for.</summary>
/// <param name="Version">The NCCL that was loaded.</param>
/// <param name="File">
/// A file that does not exist, in a folder that does: where NCCL cannot open it, it logs to standard output.
/// </param>
internal sealed record NcclLogRequest(NcclVersion Version, string File)
{
    /// <summary>Whether <see cref="Native.Nccl.ResetLog"/> can be called.</summary>
    public required bool HasReset { get; init; }

    /// <summary>Whether --debug was given.</summary>
    public bool Debug { get; init; }

    /// <summary>Whether a line of NCCL's would spoil standard output: the document goes there.</summary>
    public bool StandardOutputIsTaken { get; init; }
}
