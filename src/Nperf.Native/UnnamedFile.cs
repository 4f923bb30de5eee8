using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Nperf.Native;

/// <summary>A file that has no name until it is whole: nothing of it is left, whatever ends the process that writes it.</summary>
internal static partial class UnnamedFile
{
    private const int AtCurrentDirectory = -100;
    private const int FollowLink = 0x400;
    private const int WriteOnly = 1;
    private const int CloseOnExec = 0x80000;
    private const int Exists = 17; // EEXIST
    private const int ReadWriteForAll = 0x1B6; // 0666, less the umask

    // O_TMPFILE holds O_DIRECTORY, whose bit differs between processors.
    private static readonly int Unnamed =
        0x400000 | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000);

    /// <summary>Opens one for writing in <paramref name="directory"/>; null where the file system has none (open(2), O_TMPFILE).</summary>
    public static SafeFileHandle? TryOpen(string directory)
    {
        int descriptor = Open(directory, Unnamed | WriteOnly | CloseOnExec, ReadWriteForAll);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Gives it a name (linkat(2)); false where something has it already.</summary>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public static bool TryName(SafeFileHandle file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        string descriptor = $"/proc/self/fd/{file.DangerousGetHandle()}";
        if (LinkAt(AtCurrentDirectory, descriptor, AtCurrentDirectory, path, FollowLink) == 0) return true;
        int error = Marshal.GetLastPInvokeError();
        return error == Exists ? false : throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkAt(int fromDirectory, string from, int toDirectory, string to, int flags);
}
