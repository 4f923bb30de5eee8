using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>
/// The size of a terminal. The class library tells it too, but prepares the terminal for reading keys first, which
/// writes to it.
/// </summary>
internal static partial class Terminal
{
    private const nuint GetWindowSize = 0x5413;

    /// <summary>Columns of the terminal at <paramref name="descriptor"/>; 0 where there is none (ioctl_tty(2)).</summary>
    public static int Width(int descriptor) =>
        Ioctl(descriptor, GetWindowSize, out WindowSize size) == 0 ? size.Columns : 0;

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelsWide;
        public ushort PixelsHigh;
    }
}
