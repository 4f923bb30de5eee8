using Nperf.Core.Results;

namespace Nperf.Core;

/// <summary>Tells who called the library of each size.</summary>
internal sealed class BenchmarkObserver(IProgress<BenchmarkProgress>? progress, RunProgress counted) : RunObserver
{
    public override void SizeFinished(SizeResult result)
    {
        try
        {
            progress?.Report(new BenchmarkProgress(result, counted.SizesDone, counted.SizesTotal));
        }
        catch (Exception exception)
        {
            throw new RunException(
                FailureKind.Error, $"the receiver of progress failed: {exception.GetType().Name}: {exception.Message}", exception);
        }
    }
}
