using System.Text;
using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Arguments;

/// <summary>
/// Where the run's token is from: a file, or an environment variable. Never the command line, which everybody on a machine
/// can read.
/// </summary>
internal static class TokenSource
{
    private const UnixFileMode ByOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>More than the longest token with white space around it.</summary>
    private const int MostFileBytes = 4 * Token.MostLength;

    /// <summary>The token, or null where none is asked for. Mistakes are noted in <paramref name="given"/>.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="mode">The mode that it asks for.</param>
    /// <param name="variable">The value of <see cref="Token.Variable"/>, or null.</param>
    public static Token? Read(GivenOptions given, Mode mode, string? variable)
    {
        // It may be set for all that its user runs; into a local run, and into one of MPI's, nobody comes by a port.
        if (mode is Mode.Local or Mode.Mpi) return null;
        if (given.Has(OptionTable.TokenFile))
        {
            if (variable is null) return given.Read<Token?>(OptionTable.TokenFile, FromFile, null);
            given.Refuse(OptionTable.TokenFile, $"the variable {Token.Variable} is set too; give the token once");
            return null;
        }

        if (variable is null) return null;
        if (Token.Read(variable, out Token? token) is { } mistake)
            given.RefuseVariable(Token.Variable, $"its value {mistake}; unset it to run without a token");
        return token;
    }

    private static string? FromFile(string path, out Token? token)
    {
        token = null;
        if (path.Length == 0) return "cannot be read: it has no name";
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read);

            // A pipe belongs to who made it.
            if (PathInfo.KindOf(path) == PathKind.File && (File.GetUnixFileMode(file.SafeFileHandle) & ByOthers) is not UnixFileMode.None)
                return "is open to others than its owner, so that it keeps no secret: chmod 600 it, and make a new token";
            return ReadAll(file) is { } text ? Token.Read(text, out token) : "is too long for a token";
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {GivenFile.ReasonOf(path, cause)}";
        }
    }

    /// <summary>The file's text, or null where there is more than a token can have. Only ASCII can be a token.</summary>
    private static string? ReadAll(FileStream file)
    {
        byte[] bytes = new byte[MostFileBytes + 1];
        int have = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return have == bytes.Length ? null : Encoding.Latin1.GetString(bytes, 0, have);
    }
}
