using Nperf.Core.Machine;
using Nperf.Core.NcclLog;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>
/// NCCL's own log in this process: on while NCCL starts and while one pass through the run's calls is studied, read then,
/// and off before anything is timed.
/// </summary>
internal sealed class NcclLogSession : IDisposable
{
    private readonly Nccl _nccl;
    private readonly string _folder;
    private readonly NcclLogSetting _setting;
    private readonly Lock _lock = new();
    private NcclActivity? _activity;

    /// <summary>Switches the log on: before NCCL is called for anything but its version.</summary>
    public NcclLogSession(Nccl nccl)
    {
        _nccl = nccl;
        _folder = Directory.CreateTempSubdirectory("nperf-").FullName;
        var request = new NcclLogRequest(NcclVersion.FromCode(nccl.VersionCode()), Path.Combine(_folder, "nccl.log"))
        {
            HasReset = nccl.HasLogReset,
            StandardOutputIsTaken = true,
        };
        _setting = NcclLogSetting.For(request, Environment.GetEnvironmentVariable);
        foreach ((string name, string value) in _setting.Explaining) LibC.SetEnvironmentVariable(name, value);
    }

    /// <summary>Why less is told than could be, or null.</summary>
    public string? Remark => _setting.Remark;

    /// <summary>Whether there is anything to study.</summary>
    public bool IsRead => _setting.File is not null;

    /// <summary>
    /// What NCCL did so far; the first call switches the log off. No rank of this process may be within NCCL.
    /// </summary>
    public NcclActivity End()
    {
        lock (_lock)
        {
            if (_activity is { } known) return known;
            NcclActivity activity = NcclLogReader.ReadFile(_setting.File!) ?? NcclLogReader.Read("");
            _activity = activity;
            foreach ((string name, string? value) in _setting.Silence) LibC.SetEnvironmentVariable(name, value);
            if (_setting.Silence.Count > 0) _nccl.ResetLog();
            // Where NCCL has it open still, it goes with the process, whatever ends that.
            Dispose();
            return activity;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // A log that stays behind in the temporary folder harms nobody.
        }
    }
}
