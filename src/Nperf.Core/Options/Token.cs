using System.Text;
using Nperf.Core.Cryptography;

namespace Nperf.Core.Options;

/// <summary>
/// A secret that the processes of a run share: who does not know it is not let in, and changes nothing. It is text, so that
/// a file and a variable can hold the same.
/// </summary>
public sealed class Token
{
    /// <summary>The environment variable that may hold it.</summary>
    internal const string Variable = "NPERF_TOKEN";

    /// <summary>The shortest, in characters: 96 bits where they are random and of base64, 64 where they are hexadecimal.</summary>
    public const int LeastLength = 16;

    /// <summary>The longest, in characters.</summary>
    public const int MostLength = 1024;

    private readonly string _text;

    private Token(string text)
    {
        _text = text;
        Key = new HmacSha256(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>What keys are derived with, and proofs made.</summary>
    internal HmacSha256 Key { get; }

    /// <summary>
    /// Reads a token; white space around it does not count. Returns null, or what is wrong: the end of a sentence, which
    /// does not repeat it.
    /// </summary>
    public static string? Read(string text, out Token? token)
    {
        ArgumentNullException.ThrowIfNull(text);
        token = null;
        string trimmed = text.Trim();
        if (trimmed.Length == 0) return "is empty";
        if (trimmed.AsSpan().ContainsAnyExceptInRange(' ', '~')) return "has more than one line of printable ASCII characters";
        if (trimmed.Length < LeastLength) return $"is too short for a token: {trimmed.Length} of at least {LeastLength} characters";
        if (trimmed.Length > MostLength) return $"is too long for a token; at most {MostLength} characters";
        token = new Token(trimmed);
        return null;
    }

    /// <summary>The text, for a process that this one starts. Not what <see cref="object.ToString"/> says: that is for logs.</summary>
    internal string Reveal() => _text;

    /// <summary>What shows that a data connection is of the run with this id: nobody who only hears the id knows it.</summary>
    internal byte[] DataSecret(ReadOnlySpan<byte> runId) => Key.Tag([.. "nperf data secret"u8, .. runId]);
}
