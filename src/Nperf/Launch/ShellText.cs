using System.Text;

namespace Nperf.Launch;

/// <summary>
/// Words as a shell reads them, whichever a host's login shell is: sh, bash, dash, zsh, busybox's ash, fish and tcsh
/// agree on what is written so.
/// </summary>
internal static class ShellText
{
    /// <summary><paramref name="words"/> as a command.</summary>
    public static string Command(IEnumerable<string> words) => string.Join(' ', words.Select(Word));

    /// <summary><paramref name="text"/> as one word. It has no line feed: tcsh has no way to write one.</summary>
    public static string Word(string text)
    {
        // zsh takes =ls for the path of ls.
        if (text.Length > 0 && text[0] != '=' && text.All(IsPlain)) return text;
        var word = new StringBuilder();
        bool isQuoted = false;
        foreach (char character in text)
        {
            // Within '' fish knows \, and tcsh ! for its history.
            string? alone = character switch { '\'' => "\"'\"", '\\' => "\\\\", '!' => "\\!", _ => null };
            if (isQuoted == (alone is not null))
            {
                word.Append('\'');
                isQuoted = !isQuoted;
            }

            if (alone is null) word.Append(character);
            else word.Append(alone);
        }

        if (isQuoted) word.Append('\'');
        return word.Length == 0 ? "''" : word.ToString();
    }

    private static bool IsPlain(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '/' or ':' or ',' or '@' or '-' or '=';
}
