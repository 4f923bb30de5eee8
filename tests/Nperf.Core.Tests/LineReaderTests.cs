namespace Nperf.Core.Tests;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one\ntwo\r\n\nlast", new[] { "one", "two", "", "last" })]
    [InlineData("0123456789abc\nnext\n", new[] { "0123456789", "next" })]
    public async Task Of_a_long_line_the_rest_is_left_out(string text, string[] lines)
    {
        var reader = new LineReader(new StringReader(text), longest: 10);
        var read = new List<string>();
        while (await reader.ReadAsync() is { } line) read.Add(line);
        Assert.Equal(lines, read);
    }

    [Fact]
    public async Task A_line_that_never_ends_takes_no_more_memory_than_the_longest()
    {
        var reader = new LineReader(new StringReader(new string('x', 1 << 20)), longest: 10);
        Assert.Equal("xxxxxxxxxx", await reader.ReadAsync());
        Assert.Null(await reader.ReadAsync());
    }
}
