using Nperf.Arguments;
using Nperf.Core.Options;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Arguments;

public sealed class TokenSourceTests : IDisposable
{
    private const string Text = "sixteen letters!";

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("token");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Mode.Server)]
    [InlineData(Mode.Client)]
    public void A_file_that_only_its_owner_can_read_has_the_token(Mode mode)
    {
        Write(Text + "\n", UnixFileMode.UserRead);
        Assert.NotNull(Read(mode, variable: null, "--token-file", Path));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_read_or_write_is_refused(UnixFileMode others)
    {
        Write(Text, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        Assert.Equal(
            $"--token-file: '{Path}' is open to others than its owner, so that it keeps no secret: chmod 600 it, and make a new token",
            Refusal(variable: null, "--token-file", Path));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n \n", "is empty")]
    [InlineData("fifteen letters", "is too short for a token: 15 of at least 16 characters")]
    [InlineData("sixteen letters!\nand more", "has more than one line of printable ASCII characters")]
    public void What_is_no_token_is_refused_by_the_name_of_where_it_is_from(string text, string mistake)
    {
        Write(text, UnixFileMode.UserRead);
        Assert.Equal($"--token-file: '{Path}' {mistake}", Refusal(variable: null, "--token-file", Path));
        Assert.Equal($"NPERF_TOKEN: its value {mistake}; unset it to run without a token", Refusal(text));
    }

    [Fact]
    public void A_file_that_is_not_there_or_too_large_or_none_is_refused_by_name()
    {
        Assert.Equal($"--token-file: '{Path}' cannot be read: there is no such file", Refusal(null, "--token-file", Path));
        Assert.Equal(
            $"--token-file: '{_folder.Path}' cannot be read: it is a directory", Refusal(null, "--token-file", _folder.Path));
        Write(new string('x', 5000), UnixFileMode.UserRead);
        Assert.Equal($"--token-file: '{Path}' is too long for a token", Refusal(null, "--token-file", Path));
    }

    [Fact]
    public void A_token_is_given_once()
    {
        Write(Text, UnixFileMode.UserRead);
        Assert.Equal(
            "--token-file: the variable NPERF_TOKEN is set too; give the token once", Refusal(Text, "--token-file", Path));
    }

    [Fact]
    public void The_variable_has_the_token_where_there_is_no_file_and_a_local_run_has_none()
    {
        Assert.NotNull(Read(Mode.Server, Text));
        Assert.Null(Read(Mode.Server, variable: null));
        Assert.Null(Read(Mode.Local, Text));
        Assert.Null(Read(Mode.Local, "short"));
        Assert.Null(Read(Mode.Mpi, "short"));
    }

    [Theory]
    [InlineData("--token-file FILE", "--token-file: a local run lets nobody in; add -s or -c HOST")]
    [InlineData("--mpi --token-file FILE", "--token-file: with --mpi there is no port: MPI connects the processes")]
    [InlineData("--bind 127.0.0.1", "--bind: a local run has no port; add -s or -c HOST")]
    [InlineData("-s --bind eth0", "--bind: 'eth0' is no address; one of this machine's, such as 10.0.0.1 or fd00::1; an interface's name goes with --interface")]
    [InlineData("-s --bind 10.1", "--bind: '10.1' is no address; one of this machine's, such as 10.0.0.1 or fd00::1")]
    [InlineData("-s --bind 0.0.0.0", "--bind: '0.0.0.0' is every address, which goes without --bind")]
    [InlineData("-s --bind 192.0.2.1", "--bind: '192.0.2.1' is no address of this machine; ip address lists those")]
    [InlineData("-s --token secret", "--token: unknown option; on a command line everybody could read it; --token-file FILE, or the variable NPERF_TOKEN")]
    public void What_does_not_fit_is_refused_by_name(string line, string mistake)
    {
        Assert.Equal(mistake, CommandLineTests.Error(line));
    }

    [Fact]
    public void An_address_of_this_machine_is_taken()
    {
        Assert.Equal("127.0.0.1", CommandLineTests.Good("-s --bind 127.0.0.1").Process.Bind!.ToString());
    }

    private void Write(string text, UnixFileMode mode)
    {
        File.WriteAllText(Path, text);
        File.SetUnixFileMode(Path, mode);
    }

    private static Token? Read(Mode mode, string? variable, params string[] words)
    {
        GivenOptions given = new(words, OptionTable.All);
        Token? token = TokenSource.Read(given, mode, variable);
        Assert.Empty(given.Errors);
        return token;
    }

    private static string Refusal(string? variable, params string[] words)
    {
        GivenOptions given = new(words, OptionTable.All);
        Assert.Null(TokenSource.Read(given, Mode.Server, variable));
        return Assert.Single(given.Errors);
    }
}
