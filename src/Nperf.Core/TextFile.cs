namespace Nperf.Core;

/// <summary>The kernel's small text files, which may be missing or refuse to be read.</summary>
internal static class TextFile
{
    /// <summary>What is in the file, without white space around it, or null.</summary>
    public static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
