namespace Nperf.Core.Tests;

public class ProcFileTests
{
    [Fact]
    public void A_file_that_cannot_be_read_has_no_values()
    {
        Assert.Null(ProcFile.Text("/proc/self/mem", "name"));
        Assert.Null(ProcFile.KiB("/proc/no-such-file", "name"));
    }

    [Fact]
    public void A_value_is_found_by_its_whole_name()
    {
        Assert.True(ProcFile.KiB("/proc/meminfo", "MemTotal") > 0);
        Assert.Null(ProcFile.Text("/proc/meminfo", "MemTota"));
    }
}
