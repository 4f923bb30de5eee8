using System.Runtime.InteropServices;

namespace Nperf.Output;

/// <summary>The operating system's own words for why a file could not be written.</summary>
internal static class Reason
{
    private const int LargestErrno = 4095;

    public static string Of(Exception exception)
    {
        // For errors without an exception type of their own, HResult is errno; the message would repeat the path.
        int errno = (exception.InnerException as IOException ?? exception).HResult;
        return errno is > 0 and <= LargestErrno
            ? Marshal.GetPInvokeErrorMessage(errno)
            : exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
    }

    public static bool IsWriteError(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
