using Nperf.Core.Machine;

namespace Nperf.Core.Tests.Machine;

public class NcclVersionTests
{
    [Theory]
    [InlineData(2400, "2.4.0")]
    [InlineData(2708, "2.7.8")]
    [InlineData(2804, "2.8.4")]
    [InlineData(20906, "2.9.6")]
    [InlineData(21403, "2.14.3")]
    [InlineData(22809, "2.28.9")]
    [InlineData(23000, "2.30.0")]
    public void It_is_read_from_its_code(int code, string text) =>
        Assert.Equal(text, NcclVersion.FromCode(code).ToString());

    [Theory]
    [InlineData(2804, false)]
    [InlineData(21304, false)]
    [InlineData(21400, true)]
    [InlineData(22809, true)]
    [InlineData(30000, true)]
    public void It_is_supported_from_2_14_on(int code, bool supported) =>
        Assert.Equal(supported, NcclVersion.FromCode(code).IsSupported);

    [Theory]
    [InlineData(22809, 2, 28, 9, true)]
    [InlineData(22809, 2, 28, 10, false)]
    [InlineData(22809, 2, 30, 0, false)]
    [InlineData(30000, 2, 30, 7, true)]
    public void It_is_compared_number_by_number(int code, int major, int minor, int patch, bool atLeast) =>
        Assert.Equal(atLeast, NcclVersion.FromCode(code).IsAtLeast(major, minor, patch));
}
