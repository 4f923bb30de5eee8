using System.Text;
using Nperf.Core.Launch;

namespace Nperf.Core.Tests.Launch;

public class TetherInputTests
{
    [Fact]
    public void Lines_and_a_file_between_them_come_as_they_were_sent()
    {
        TetherInput input = Of("token\n4\na\nb\n.\n\ninterrupt\nrest");
        Assert.Equal("token", input.ReadLine());
        Assert.Equal("a\nb\n"u8.ToArray(), input.ReadFile());
        Assert.Equal(".", input.ReadLine());
        Assert.Equal("", input.ReadLine());
        Assert.Equal("interrupt", input.ReadLine());
        Assert.Null(input.ReadLine());
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("x\nabc")]
    [InlineData("-1\nabc")]
    [InlineData("4\nabc")]
    [InlineData("99999999999\nabc")]
    [InlineData("1000000000\nabc")]
    public void A_file_that_does_not_come_whole_is_none(string text) => Assert.Null(Of(text).ReadFile());

    [Fact]
    public void No_file_is_an_empty_one() => Assert.Empty(Of("0\n").ReadFile()!);

    [Fact]
    public void A_line_without_end_is_none() => Assert.Null(Of(new string('a', 20_000) + "\n").ReadLine());

    private static TetherInput Of(string text) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
