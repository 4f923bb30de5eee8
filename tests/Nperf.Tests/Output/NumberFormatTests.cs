using Nperf.Output;

namespace Nperf.Tests.Output;

public class NumberFormatTests
{
    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(0.004, "0.00")]
    [InlineData(0.006, "0.01")]
    [InlineData(0.12, "0.12")]
    [InlineData(0.994, "0.99")]
    [InlineData(0.996, "1.00")]
    [InlineData(3.45, "3.45")]
    [InlineData(9.994, "9.99")]
    [InlineData(9.996, "10.0")]
    [InlineData(12.34, "12.3")]
    [InlineData(99.94, "99.9")]
    [InlineData(99.96, "100")]
    [InlineData(100.4, "100")]
    [InlineData(123.4, "123")]
    [InlineData(999.4, "999")]
    [InlineData(999.6, "1000")]
    [InlineData(1234.4, "1234")]
    [InlineData(123456789.4, "123456789")]
    [InlineData(double.NaN, "-")]
    [InlineData(double.PositiveInfinity, "-")]
    public void Times_have_three_digits_or_whole_microseconds(double microseconds, string text)
    {
        Assert.Equal(text, NumberFormat.Time(microseconds));
    }

    [Theory]
    [InlineData(0.0000004, "0.000000")]
    [InlineData(0.0000123, "0.000012")]
    [InlineData(0.000812, "0.000812")]
    [InlineData(0.0009994, "0.000999")]
    [InlineData(0.0009996, "0.00100")]
    [InlineData(0.00123, "0.00123")]
    [InlineData(0.0123, "0.0123")]
    [InlineData(0.09996, "0.100")]
    [InlineData(0.1234, "0.123")]
    [InlineData(0.9994, "0.999")]
    [InlineData(0.9996, "1.00")]
    [InlineData(1.234, "1.23")]
    [InlineData(9.996, "10.0")]
    [InlineData(45.67, "45.7")]
    [InlineData(99.96, "100")]
    [InlineData(456.7, "457")]
    [InlineData(1970.4, "1970")]
    public void Bandwidth_has_three_digits(double bandwidth, string text)
    {
        Assert.Equal(text, NumberFormat.Bandwidth(bandwidth));
        Assert.InRange(text.Length, 1, 8);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(50_000_000, "47.7 MiB")]
    [InlineData((1 << 20) - 1, "1.00 MiB")]
    [InlineData(1L << 40, "1.00 TiB")]
    [InlineData(2048L << 40, "2048 TiB")]
    public void Memory_is_in_the_unit_with_the_fewest_digits(long bytes, string text)
    {
        Assert.Equal(text, NumberFormat.Memory(bytes));
    }

    [Theory]
    [InlineData(0.123, "0.12 s")]
    [InlineData(9.996, "10.0 s")]
    [InlineData(99.4, "99.4 s")]
    [InlineData(99.6, "1 min 40 s")]
    [InlineData(119.6, "2 min 0 s")]
    [InlineData(3599.6, "1 h 0 min")]
    [InlineData(90_000, "25 h 0 min")]
    public void Durations_carry_over_into_the_next_unit(double seconds, string text)
    {
        Assert.Equal(text, NumberFormat.Duration(TimeSpan.FromSeconds(seconds)));
    }
}
