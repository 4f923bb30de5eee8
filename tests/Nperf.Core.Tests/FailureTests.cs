namespace Nperf.Core.Tests;

public class FailureTests
{
    [Fact]
    public void A_limit_of_memory_or_threads_is_no_defect_and_is_named()
    {
        Failure failure = Failure.Of(new OutOfMemoryException("Insufficient memory to continue the execution of the program."));

        Assert.DoesNotContain("defect", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ulimit -u", failure.Message, StringComparison.Ordinal);
    }
}
