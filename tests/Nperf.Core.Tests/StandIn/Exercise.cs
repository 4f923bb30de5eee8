using System.Diagnostics;
using Nperf.Testing;

namespace Nperf.Core.Tests.StandIn;

/// <summary>The programs of tests/StandIn/exercise, which use the stand-in for GPUs from C.</summary>
internal static class Exercise
{
    private const int Seconds = 240;

    private static readonly Lazy<string> Program = new(() =>
        StandInGpu.BuildProgram(Path.Combine(StandInGpu.Sources, "exercise"), "exercise"));

    /// <summary>
    /// Runs exercises on <paramref name="ranks"/> ranks and returns the exit code and both streams.
    /// </summary>
    /// <param name="ranks">How many ranks, each with a GPU.</param>
    /// <param name="how">Processes or threads, and blocking or polling.</param>
    /// <param name="names">What to run, separated by spaces.</param>
    /// <param name="settings">More for the environment.</param>
    public static async Task<(int Code, string Output)> Run(
        int ranks, string how, string names, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Program.Value, $"{ranks} {how} {names}")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["STANDIN_GPUS"] = $"{ranks}";
        foreach ((string name, string value) in settings) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(Seconds));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"exercise {start.Arguments} takes more than {Seconds} s");
        }
    }
}
