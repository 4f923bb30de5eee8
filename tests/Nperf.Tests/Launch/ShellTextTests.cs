using CsCheck;
using Nperf.Launch;

namespace Nperf.Tests.Launch;

public class ShellTextTests
{
    private const string Awkward = " \t'\"\\!$`*?~{}[]()<>|&;#=%^@:,.-_/0aZéß日😀";

    [Theory]
    [MemberData(nameof(Shells.Names), MemberType = typeof(Shells))]
    public void Whatever_a_word_is_every_shell_reads_it_as_it_was(string shell)
    {
        string[] fixedWords =
        [
            "", "it's", "'", "''", "a\\'b", "\\", "\\\\", "\\n", "!", "!!", "!-1", "a!b", "'!'", "$HOME", "$(id)", "`id`", "~", "~/x", "*",
            "{a,b}", "=ls", "%1", "^a^b", "#x", "-n", "@home", "a=b", "\"", "[ab]", "(x)", "<>|&", "\t", " ",
        ];
        string[] characters = [.. Awkward.EnumerateRunes().Select(rune => rune.ToString())];
        Gen<string> word = Gen.Int[0, characters.Length - 1].Select(index => characters[index]).Array[0, 12].Select(string.Concat);
        AssertSurvive(shell, fixedWords);
        word.Array[40].Sample(words => AssertSurvive(shell, words), iter: 8, threads: 1);
    }

    [Fact]
    public void A_plain_word_stays_as_it_is() =>
        Assert.Equal("exec /opt/nperf -s -b 1M '' 'a b'", ShellText.Command(["exec", "/opt/nperf", "-s", "-b", "1M", "", "a b"]));

    // printf is the login shell's own or another program: both print the words that they were given. sh behind it, as
    // nperf's scripts are run.
    private static void AssertSurvive(string shell, IReadOnlyList<string> words)
    {
        string command = ShellText.Command(["exec", "sh", "-c", "for word do printf \"[%s]\\n\" \"$word\"; done", "sh", .. words]);
        Assert.Equal(string.Concat(words.Select(word => $"[{word}]\n")), Shells.Run(shell, command));
    }
}
