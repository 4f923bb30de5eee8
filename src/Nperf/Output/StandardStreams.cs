using Microsoft.Win32.SafeHandles;
using Nperf.Core;

namespace Nperf.Output;

/// <summary>Standard output and error as streams that report what goes wrong.</summary>
internal static class StandardStreams
{
    public static Stream Output() => new CheckedStream(Open(1, Console.OpenStandardOutput), "standard output");

    public static Stream Error() => new CheckedStream(Open(2, Console.OpenStandardError), "standard error");

    /// <summary>Writes <paramref name="text"/> and a line feed; false where that was not possible.</summary>
    public static bool TrySay(Func<Stream> open, string text)
    {
        try
        {
            using Stream stream = open();
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
            return true;
        }
        catch (RunException)
        {
            return false;
        }
    }

    private static Stream Open(int descriptor, Func<Stream> openConsole)
    {
        // The class library's console stream is silent about a closed pipe, a file stream is not; but a file stream
        // writes to a regular file at a position of its own, over what others write to the same redirection.
        var handle = new SafeFileHandle(descriptor, ownsHandle: false);
        try
        {
            var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            return stream.CanSeek ? openConsole() : stream;
        }
        catch (Exception exception) when (Reason.IsWriteError(exception) || exception is ArgumentException)
        {
            return openConsole();
        }
    }
}
