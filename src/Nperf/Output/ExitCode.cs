using Nperf.Core;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>The exit codes of nperf.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int WrongResults = 3;
    public const int NotAsExpected = 4;
    public const int HungUp = 129;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>The code of a run that <paramref name="failure"/> ended.</summary>
    public static int Of(Failure failure) => failure.Kind switch
    {
        FailureKind.OptionsDiffer or FailureKind.Usage => Usage,
        FailureKind.Interrupted => Interrupted,
        FailureKind.Terminated => Terminated,
        FailureKind.HungUp => HungUp,
        _ => Failed,
    };

    /// <summary>The code of a run with its document: also that of figures that are not as expected, and of ranks that are slow.</summary>
    public static int Of(Failure? failure, ResultsDocument document)
    {
        int code = Of(failure, document.Results);
        if (code != Done) return code;
        if (document.Pairs?.Links.Any(link => link.Wrong > 0) == true) return WrongResults;
        bool isAsExpected = document.Expectations?.All(one => one.Met) != false && document.FindSlow is not { Slow.Count: > 0 };
        return isAsExpected ? Done : NotAsExpected;
    }

    /// <summary>The code of a run: that of its failure, of wrong results, or 0.</summary>
    public static int Of(Failure? failure, IEnumerable<SizeResult> results) =>
        failure is not null ? Of(failure)
        : results.Any(result => result.Wrong > 0) ? WrongResults
        : Done;
}
