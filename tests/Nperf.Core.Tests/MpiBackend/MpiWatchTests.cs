using Nperf.Core.MpiBackend;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Tests.Host;

namespace Nperf.Core.Tests.MpiBackend;

public class MpiWatchTests
{
    [Fact]
    public void A_call_that_does_not_return_ends_the_run_after_the_timeout()
    {
        World world = new([ThisProcess.Describe(0, 0, 1, ThisProcess.NoAddress)]);
        using var hub = new TestHub(world, new RunOptions { TimeoutSeconds = 0.3 });
        using var control = new TestControl(hub, 0, localAddress: null);
        using var watch = new MpiWatch(control) { Step = "allreduce 1024 B" };

        watch.Enter();

        Assert.True(control.AbortSignal.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(120)));
        Failure failure = control.AbortSignal.Failure!;
        Assert.Equal((FailureKind.Timeout, "allreduce 1024 B", true), (failure.Kind, failure.Step, failure.IsOfAll));
        Assert.Contains("waited 0.3 s within MPI for allreduce 1024 B", failure.Message, StringComparison.Ordinal);
    }
}
