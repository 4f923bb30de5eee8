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
    private readonly string? _folder;
    private readonly NcclLogSetting _setting;
    private readonly Lock _lock = new();
    private NcclActivity? _activity;

    /// <summary>Switches the log on: before NCCL is called for anything but its version.</summary>
    public NcclLogSession(Nccl nccl)
    {
        _nccl = nccl;
        // Before there is a folder: the library may hang.
        NcclVersion version = NcclVersion.FromCode(nccl.VersionCode());
        try
        {
            _folder = Directory.CreateTempSubdirectory("nperf-").FullName;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _setting = new NcclLogSetting
            {
                Remark = $"what NCCL does is not known: no file for its log can be made in {Path.GetTempPath()}: {cause.Message}",
            };
            return;
        }

        var request = new NcclLogRequest(version, Path.Combine(_folder, "nccl.log"))
        {
            HasReset = nccl.HasLogReset,
            StandardOutputIsTaken = true,
        };
        _setting = NcclLogSetting.For(request, Environment.GetEnvironmentVariable);
        foreach ((string name, string value) in _setting.Explaining) LibC.SetEnvironmentVariable(name, value);
    }

    /// <summary>Why less is told than could be, or null.</summary>
    public string? Remark => _setting.Remark;

    /// <summary>Whether there is anything to read in this process.</summary>
    public bool IsRead => _setting.File is not null;

    /// <summary>Whether there is in any process of the run: all study, or none.</summary>
    public bool IsStudied { get; set; }

    /// <summary>
    /// What NCCL did so far; the first call switches the log off. No rank of this process may be within NCCL.
    /// </summary>
    public NcclActivity End()
    {
        lock (_lock)
        {
            if (_activity is { } known) return known;
            NcclActivity activity = (_setting.File is { } file ? NcclLogReader.ReadFile(file) : null) ?? NcclLogReader.Read("");
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
        if (_folder is null) return;
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
