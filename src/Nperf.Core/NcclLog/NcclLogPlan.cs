namespace Nperf.Core.NcclLog;

/// <summary>Decides on a <see cref="NcclLogSetting"/>.</summary>
internal sealed class NcclLogPlan(NcclLogRequest request, Func<string, string?> variable)
{
    private const string Level = "NCCL_DEBUG";
    private const string Subsystems = "NCCL_DEBUG_SUBSYS";
    private const string LogFile = "NCCL_DEBUG_FILE";

    /// <summary>
    /// Where all that is read belongs to; every version since 2.14 knows them (2.30 drops a list with an unknown name).
    /// None of these says anything at each operation, TUNING a line.
    /// </summary>
    private const string OnceSubsystems = "INIT,ENV";

    private const string EachSubsystem = "TUNING";

    private readonly string? _level = variable(Level)?.Trim().ToUpperInvariant();
    private readonly string? _file = variable(LogFile) is { Length: > 0 } file ? file : null;

    // An unknown level, such as the empty one, logs nothing; up to 2.29 it makes NCCL read its variables at each message.
    private bool UserLogs => _level is "INFO" or "ABORT" or "TRACE";

    // What nperf itself names where the user logs and names no file.
    private bool FileIsTerminal => _file is null or "/dev/stderr" or "/dev/stdout";

    private bool UserHasLess => _level is "VERSION" or "WARN";

    /// <summary>The setting.</summary>
    public NcclLogSetting Setting()
    {
        if (UserLogs || (request.Debug && _file is not null)) return OfUser();
        if (UserHasLess && !request.HasReset)
            return Nothing($"NCCL_DEBUG={_level} is set and NCCL {request.Version} cannot change its log later: it is not read");
        // Up to 2.21 the process with rank 0 prints the version there whatever NCCL_DEBUG_FILE says.
        if (request.StandardOutputIsTaken && !request.Version.IsAtLeast(2, 22))
            return Nothing($"NCCL {request.Version} with its log on prints a line among the document's: its log is not read");
        return Own();
    }

    private static NcclLogSetting Nothing(string remark) => new() { Remark = remark };

    private NcclLogSetting OfUser()
    {
        string? remark = FileIsTerminal
            ? $"NCCL_DEBUG={_level} is set without NCCL_DEBUG_FILE: NCCL's log goes to the terminal and is not read"
            : !request.Version.IsAtLeast(2, 20)
                ? $"NCCL {request.Version} does not log which algorithms it chooses"
                : !HasSubsystem(variable(Subsystems), EachSubsystem)
                    ? "NCCL_DEBUG_SUBSYS lacks TUNING: NCCL does not log algorithms"
                    : null;
        return new NcclLogSetting
        {
            Explaining = UserLogs ? [] : [new(Level, "INFO")],
            File = FileIsTerminal ? null : NcclLogFile.Path(_file!, Environment.MachineName, Environment.ProcessId),
            TellsChoices = remark is null,
            Remark = remark ?? "NCCL_DEBUG_SUBSYS has TUNING: NCCL logs each operation, which costs time",
        };
    }

    private NcclLogSetting Own() => new()
    {
        Explaining =
        [
            new(Level, "INFO"),
            new(Subsystems, request.HasReset ? $"{OnceSubsystems},{EachSubsystem}" : OnceSubsystems),
            new(LogFile, NcclLogFile.Value(request.File)),
        ],
        Silence = request.HasReset
            ? [new(Level, UserHasLess ? variable(Level) : null), new(Subsystems, variable(Subsystems)), new(LogFile, _file)]
            : [],
        File = request.File,
        ShowsFile = request.Debug,
        TellsChoices = request.HasReset,
        Remark = request.HasReset
            ? null
            : $"NCCL {request.Version} cannot switch its log off again: it is not asked which algorithms it chooses",
    };

    private static bool HasSubsystem(string? list, string name)
    {
        if (list is null) return false;
        bool inverts = list.StartsWith('^');
        string[] names = (inverts ? list[1..] : list).Split(',', StringSplitOptions.TrimEntries);
        bool isNamed = names.Any(one => one.Equals(name, StringComparison.OrdinalIgnoreCase)
            || one.Equals("ALL", StringComparison.OrdinalIgnoreCase));
        return isNamed != inverts;
    }
}
