// An allreduce between two threads of this process, on CPU memory: the bus bandwidth of each size, as it is finished.
using System.Runtime.Versioning;
using Nperf.Core;
using Nperf.Core.Options;
using Nperf.Core.Results;

[assembly: SupportedOSPlatform("linux")]

var options = new BenchmarkOptions
{
    Run = new RunOptions { Operations = ["allreduce"], MinBytes = 1 << 10, MaxBytes = 1 << 20, StepFactor = 4, Backend = Backend.Host },
    Process = new ProcessOptions { RanksPerProcess = 2 },
};
using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};

try
{
    ResultsDocument document = await Benchmark.RunAsync(options, new Printer(), cancellation.Token);
    if (document.Error is { } wrong) Console.Error.WriteLine(wrong.Message);
    return document.Error is null ? 0 : 1;
}
catch (OperationCanceledException)
{
    return 130;
}
catch (RunException exception)
{
    Console.Error.WriteLine($"{exception.Message} ({exception.Document?.Results.Count ?? 0} sizes were finished)");
    return 1;
}

/// <summary>Prints at once; a Progress&lt;T&gt; would leave it to the thread pool, and the order with it.</summary>
internal sealed class Printer : IProgress<BenchmarkProgress>
{
    public void Report(BenchmarkProgress value) =>
        Console.WriteLine($"{value.Finished.Bytes,8} B {value.Finished.TimeUs.Avg,10:F2} us {value.Finished.BusBandwidth,8:F2} GB/s");
}
