using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>What stands at a path.</summary>
internal enum PathKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A device, a pipe or a socket.</summary>
    Special,
}

/// <summary>Facts about paths that the class library does not tell.</summary>
internal static unsafe partial class PathInfo
{
    private const int AtCurrentDirectory = -100;
    private const uint StatxType = 1;
    private const int StatxSize = 256;
    private const int StatxModeOffset = 28;
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Directory = 0x4000;
    private const int WritePermission = 2;

    /// <summary>
    /// What stands at <paramref name="path"/>, links followed (statx(2)). What cannot be looked at is
    /// <see cref="PathKind.Missing"/>.
    /// </summary>
    public static PathKind KindOf(string path)
    {
        byte* status = stackalloc byte[StatxSize];
        if (Statx(AtCurrentDirectory, path, 0, StatxType, status) != 0) return PathKind.Missing;
        return (*(ushort*)(status + StatxModeOffset) & FileTypeMask) switch
        {
            RegularFile => PathKind.File,
            Directory => PathKind.Directory,
            _ => PathKind.Special,
        };
    }

    /// <summary>Why this user may not write to <paramref name="path"/>, or null (access(2)).</summary>
    public static string? WriteProblem(string path) =>
        Access(path, WritePermission) == 0 ? null : Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
