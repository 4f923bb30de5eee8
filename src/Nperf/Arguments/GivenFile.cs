using System.Text;

namespace Nperf.Arguments;

/// <summary>A text file that the user names.</summary>
internal static class GivenFile
{
    /// <summary>Reads it, up to a little more than <paramref name="mostCharacters"/>: whoever gets more has too large a file.</summary>
    /// <returns>Null, or what is wrong: the end of a sentence that begins with the name.</returns>
    public static string? Read(string path, int mostCharacters, out string text)
    {
        text = "";
        if (path.Length == 0) return "cannot be read: it has no name";
        try
        {
            using var reader = new StreamReader(path);
            var all = new StringBuilder();
            char[] part = new char[1 << 16];
            for (int read; all.Length <= mostCharacters && (read = reader.Read(part, 0, part.Length)) > 0;)
                all.Append(part, 0, read);
            text = all.ToString();
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {ReasonOf(path, cause)}";
        }
    }

    /// <summary>Why the file at <paramref name="path"/> cannot be read.</summary>
    public static string ReasonOf(string path, Exception cause) =>
        cause is FileNotFoundException or DirectoryNotFoundException ? "there is no such file"
        : Directory.Exists(path) ? "it is a directory"
        : cause.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
