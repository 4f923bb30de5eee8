using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>
/// Sending and receiving on connected sockets, without what the class library's own calls add to each system call. Neither
/// call blocks, nor raises SIGPIPE, whatever the socket is set to.
/// </summary>
internal static unsafe partial class LibC
{
    /// <summary>EINTR: a signal came before anything moved.</summary>
    internal const int Interrupted = 4;

    /// <summary>EAGAIN: nothing can be moved now.</summary>
    internal const int TryAgain = 11;

    /// <summary>ENOBUFS: the system has no memory for it now.</summary>
    internal const int NoBuffers = 105;

    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;

    /// <summary>
    /// Sends some of <paramref name="bytes"/> bytes and returns how many; -1 and <see cref="Marshal.GetLastPInvokeError"/>
    /// where none could be sent (send(2)).
    /// </summary>
    internal static nint Send(int socket, byte* source, nint bytes) => Send(socket, source, bytes, DontWait | NoSignal);

    /// <summary>
    /// Receives some of <paramref name="bytes"/> bytes and returns how many, 0 at the end of the stream; -1 and
    /// <see cref="Marshal.GetLastPInvokeError"/> where none could be received (recv(2)).
    /// </summary>
    internal static nint Receive(int socket, byte* destination, nint bytes) => Receive(socket, destination, bytes, DontWait);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* source, nint bytes, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, byte* destination, nint bytes, int flags);
}
