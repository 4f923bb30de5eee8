using System.ComponentModel;
using Nperf.Core;
using Nperf.Native;

namespace Nperf.Output;

/// <summary>
/// The file of <c>-o</c>: whole or not at all. It is written beside its place, without a name where the file system can do
/// that, and gets its name at the end, or is moved to where another has it; a device or a pipe is written to directly.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _name;
    private readonly string? _temporary;
    private readonly string _target;
    private readonly FileStream? _file;
    private readonly bool _isUnnamed;

    private OutputFile(
        string name, string target, string? temporary, Stream stream, FileStream? file, bool isUnnamed = false)
    {
        _isUnnamed = isUnnamed;
        _name = name;
        _target = target;
        _temporary = temporary;
        _file = file;
        Stream = new CheckedStream(stream, name);
    }

    /// <summary>Takes what is to stand in the file.</summary>
    public Stream Stream { get; }

    /// <summary>Throws <see cref="RunException"/> where it is plain already that this path cannot be written.</summary>
    public static void Check(string path)
    {
        if (IsStandardStream(path)) return;
        PathKind kind = PathInfo.KindOf(path);
        if (kind == PathKind.Directory) throw Cannot(path, "it is a directory; name a file");
        if (kind != PathKind.Missing && PathInfo.WriteProblem(path) is { } problem) throw Cannot(path, problem);
        if (kind == PathKind.Special || IsDescriptor(path)) return;
        if (path.EndsWith('/')) throw Cannot(path, "it names a directory; name a file");

        string directory = DirectoryOf(FinalTarget(path));
        PathKind directoryKind = PathInfo.KindOf(directory);
        if (directoryKind == PathKind.Missing) throw Cannot(path, $"there is no directory {directory}");
        if (directoryKind != PathKind.Directory) throw Cannot(path, $"{directory} is no directory");
        if (PathInfo.WriteProblem(directory) is { } reason) throw Cannot(path, $"directory {directory}: {reason}");
    }

    /// <summary>Opens <paramref name="path"/>. Throws <see cref="RunException"/> when that fails.</summary>
    public static OutputFile Create(string path)
    {
        Check(path);
        if (IsStandardStream(path))
        {
            Stream stream = IsStandardOutput(path) ? StandardStreams.Output() : StandardStreams.Error();
            return new OutputFile(path, path, null, stream, null);
        }

        try
        {
            if (PathInfo.KindOf(path) == PathKind.Special || IsDescriptor(path))
            {
                var direct = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                return new OutputFile(path, path, null, direct, null);
            }

            string target = FinalTarget(path);
            string temporary = Path.Combine(
                DirectoryOf(target), $".{Path.GetFileName(target)}.{Environment.ProcessId}.tmp");
            if (UnnamedFile.TryOpen(DirectoryOf(target)) is { } handle)
            {
                var unnamed = new FileStream(handle, FileAccess.Write, bufferSize: 0);
                return new OutputFile(path, target, temporary, unnamed, unnamed, isUnnamed: true);
            }

            var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            return new OutputFile(path, target, temporary, file, file);
        }
        catch (Exception exception) when (Reason.IsWriteError(exception))
        {
            throw Cannot(path, Reason.Of(exception), exception);
        }
    }

    /// <summary>Puts the file in its place, on the disk. Throws <see cref="RunException"/>.</summary>
    public void Commit()
    {
        if (_file is null || _temporary is null) return;
        try
        {
            _file.Flush(flushToDisk: true);
            if (_isUnnamed)
            {
                if (UnnamedFile.TryName(_file.SafeFileHandle, _target)) return;
                File.Delete(_temporary); // Of an earlier process of the same number, that was killed at this point.
                if (!UnnamedFile.TryName(_file.SafeFileHandle, _temporary)) throw new IOException($"there is a {_temporary} already");
            }

            _file.Dispose();
            if (!OperatingSystem.IsWindows() && PathInfo.KindOf(_target) == PathKind.File)
                File.SetUnixFileMode(_temporary, File.GetUnixFileMode(_target));
            File.Move(_temporary, _target, overwrite: true);
        }
        catch (Exception exception) when (Reason.IsWriteError(exception) || exception is Win32Exception)
        {
            throw Cannot(_name, Reason.Of(exception), exception);
        }
    }

    /// <summary>Closes the file; what was not committed is removed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (_temporary is null || !File.Exists(_temporary)) return;
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception exception) when (Reason.IsWriteError(exception))
        {
            // It stays behind; the failure that led here is the one to report.
        }
    }

    private static RunException Cannot(string path, string reason, Exception? cause = null) =>
        new(FailureKind.Error, $"cannot write to {path}: {reason}", cause);

    private static bool IsStandardOutput(string path) => path is "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1";

    private static bool IsStandardStream(string path) =>
        IsStandardOutput(path) || path is "/dev/stderr" or "/dev/fd/2" or "/proc/self/fd/2";

    // An open file of this process: moving another into its place would leave the descriptor with the old one.
    private static bool IsDescriptor(string path) =>
        path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);

    // Through links, so that the link stays one.
    private static string FinalTarget(string path) =>
        new FileInfo(path).LinkTarget is null
            ? Path.GetFullPath(path)
            : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);

    private static string DirectoryOf(string fullPath) => Path.GetDirectoryName(fullPath) ?? "/";
}
