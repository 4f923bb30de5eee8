using Nperf.Core;
using Nperf.Output;

namespace Nperf.Launch;

/// <summary>Where the server's standard output goes: this machine's, or a file on it, whole or not at all.</summary>
internal sealed class LaunchOutput : IDisposable
{
    private readonly AbortSignal _abort;
    private readonly OutputFile? _file;
    private readonly Stream _stream;
    private bool _isWritten;
    private bool _isBroken;

    private LaunchOutput(OutputFile? file, AbortSignal abort)
    {
        _abort = abort;
        _file = file;
        _stream = file?.Stream ?? StandardStreams.Output();
    }

    /// <summary>Opens <paramref name="path"/>, or standard output where it is null.</summary>
    /// <param name="path">The file.</param>
    /// <param name="abort">Set when it cannot be written to.</param>
    /// <exception cref="RunException">It is plain already that it cannot be written.</exception>
    public static LaunchOutput Open(string? path, AbortSignal abort) => new(path is null ? null : OutputFile.Create(path), abort);

    /// <summary>Writes; where that fails the run is given up, and the rest left out.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_isBroken) return;
        try
        {
            _stream.Write(bytes);
            _isWritten = true;
        }
        catch (RunException exception)
        {
            _isBroken = true;
            _abort.Set(exception.Failure);
        }
    }

    /// <summary>Puts a file that was written in its place.</summary>
    /// <exception cref="RunException">That fails.</exception>
    public void Commit()
    {
        if (_isWritten && !_isBroken) _file?.Commit();
    }

    public void Dispose()
    {
        if (_file is null) _stream.Dispose();
        else _file.Dispose();
    }
}
