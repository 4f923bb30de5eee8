using Nperf.Arguments;
using Nperf.Core.Options;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Arguments;

public sealed class TrafficFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("traffic.txt");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0 1\n2 3\n")]
    [InlineData("0 1\n2 3")]
    [InlineData("\n  0\t1 \r\n\n\t2   3\r\n\n")]
    [InlineData("0e3 1.9\n2 3e0")]
    public void A_matrix_is_read_whatever_the_white_space(string text)
    {
        File.WriteAllText(Path, text);
        ParsedCommand parsed = CommandLine.Parse(["--op", "alltoallv", "--traffic", Path]);

        Assert.Empty(parsed.Errors);
        Assert.Equal([[0, 1], [2, 3]], parsed.Run.Traffic!.Rows);
        Assert.True(parsed.Run.Traffic.IsSound);
    }

    [Theory]
    [InlineData(null, "is square", true)]
    [InlineData("-b", "4K", false)]
    [InlineData("-B", "4K", false)]
    public void Without_a_size_its_bytes_run_as_they_are(string? option, string value, bool unscaled)
    {
        File.WriteAllText(Path, "0 1\n2 3\n");
        string[] sizes = option is null ? [] : [option, value];
        ParsedCommand parsed = CommandLine.Parse(["--op", "alltoallv", "--traffic", Path, .. sizes]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(unscaled, parsed.Run.UnscaledTraffic);
    }

    [Theory]
    [InlineData("", "has no number in it")]
    [InlineData("\n \n", "has no number in it")]
    [InlineData("1 2 3\n4 5 6\n", "is not square: 2 rows of 3 numbers; a row and a column for each rank")]
    [InlineData("1 2\n3\n", "has 1 number in row 2 and 2 in row 1; as many in each")]
    [InlineData("1 2\n3 x\n", "has 'x' in row 2, column 2, which is not a number of bytes")]
    [InlineData("1 NaN\n3 4\n", "has 'NaN' in row 1, column 2, which is not a number of bytes")]
    [InlineData("1,2\n3,4\n", "has '1,2' in row 1, column 1, which is not a number of bytes")]
    [InlineData("1 2\n-3 4\n", "has '-3' in row 2, column 1, which is negative; bytes are 0 or more")]
    [InlineData("1 2\n3 1e13\n", "has '1e13' in row 2, column 2, which is more than 1T, the most for a pair of ranks")]
    [InlineData("1 2\n3 Infinity\n", "has 'Infinity' in row 2, column 2, which is more than 1T, the most for a pair of ranks")]
    [InlineData("0 0\n0 0\n", "has nothing to send: every number is 0")]
    [InlineData("0 0.5\n0 0\n", "has nothing to send: every number is 0")]
    public void A_file_that_is_no_square_matrix_of_bytes_is_refused_by_name(string text, string mistake)
    {
        File.WriteAllText(Path, text);
        Assert.Equal($"--traffic: '{Path}' {mistake}", Refusal("--op", "alltoallv", "--traffic", Path));
    }

    [Fact]
    public void A_file_that_is_none_is_refused_by_name()
    {
        Assert.Equal(
            $"--traffic: '{Path}' cannot be read: there is no such file",
            Refusal("--op", "alltoallv", "--traffic", Path));
        Assert.Equal(
            $"--traffic: '{_folder.Path}' cannot be read: it is a directory",
            Refusal("--op", "alltoallv", "--traffic", _folder.Path));
        Assert.Equal("--traffic: '' cannot be read: it has no name", Refusal("--op", "alltoallv", "--traffic", ""));
    }

    [Fact]
    public void A_file_without_end_is_given_up()
    {
        Assert.Equal(
            "--traffic: '/dev/zero' is too large to be a matrix of bytes",
            Refusal("--op", "alltoallv", "--traffic", "/dev/zero"));
    }

    [Fact]
    public void More_ranks_than_a_matrix_can_have_are_refused()
    {
        File.WriteAllText(Path, string.Join(' ', Enumerable.Repeat(1, TrafficMatrix.MostRanks + 1)));
        Assert.EndsWith("is for more than 1024 ranks, which are the most", Refusal("--op", "alltoallv", "--traffic", Path));
    }

    [Fact]
    public void It_goes_with_alltoallv_alone_and_its_ranks()
    {
        File.WriteAllText(Path, "0 0 5\n0 0 5\n5 0 0\n");
        Assert.StartsWith("--traffic: has nothing to do with what is run", Refusal("--traffic", Path));
        Assert.StartsWith(
            "--spread: cannot be combined with --traffic",
            Refusal("--op", "alltoallv", "--traffic", Path, "--spread", "0.5", "-n", "3"));
        Assert.Equal(
            $"--traffic: '{Path}': the matrix has 3 rows, and there are 4 ranks; it needs a row and a column for each (-n)",
            Refusal("--op", "alltoallv", "--traffic", Path, "-n", "4"));
        Assert.Equal(
            $"--traffic: '{Path}': the first 2 ranks of the matrix send each other nothing (-n)",
            Refusal("--op", "alltoallv", "--traffic", Path, "-n", "2"));
        Assert.Empty(CommandLine.Parse(["-s", "-n", "9", "--op", "alltoallv", "--traffic", Path]).Errors);
    }

    private static string Refusal(params string[] args) => Assert.Single(CommandLine.Parse(args).Errors);
}
