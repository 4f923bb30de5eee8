using System.Text.Json.Serialization;
using Nperf.Core.Results;

namespace Nperf.Core;

/// <summary>What kind of thing ended a run early. It decides the exit code and travels between processes.</summary>
public enum FailureKind
{
    /// <summary>Anything that has no kind of its own.</summary>
    Error,

    /// <summary>The way in which nperf was started makes no sense: to be mended on a command line.</summary>
    Usage,

    /// <summary>An option given to a client differs from the server's.</summary>
    OptionsDiffer,

    /// <summary>A wait reached its deadline.</summary>
    Timeout,

    /// <summary>A process left without saying so.</summary>
    PeerLost,

    /// <summary>SIGINT.</summary>
    Interrupted,

    /// <summary>SIGTERM.</summary>
    Terminated,

    /// <summary>SIGHUP: the terminal or the session is gone.</summary>
    HungUp,
}

/// <summary>Why a run ended early: as shown to the user, sent to the other processes and written to the document.</summary>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Message">One line: what, where, what to do.</param>
public sealed record Failure(FailureKind Kind, string Message)
{
    /// <summary>What <paramref name="exception"/> says; one that is not a <see cref="RunException"/> is a defect of nperf.</summary>
    internal static Failure Of(Exception exception) => exception switch
    {
        RunException expected => expected.Failure,
        // A thread that cannot be started says the same.
        OutOfMemoryException => new Failure(FailureKind.Error,
            "this process gets no more memory, or may start no more threads: look at ulimit -u and -v and at its container's limits, or take fewer ranks"),
        _ => new Failure(FailureKind.Error,
            $"a defect in nperf: {exception.GetType().Name}: {exception.Message}; run again with --debug and report it"),
    };

    /// <summary>The rank it happened on, where one is known.</summary>
    public int? Rank { get; init; }

    /// <summary>The host it happened on, where one is known.</summary>
    public string? Host { get; init; }

    /// <summary>True where it is the fault of no rank and host in particular: then both are null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOfAll { get; init; }

    /// <summary>What was being done, for example <c>rendezvous</c> or <c>allreduce 1048576 B</c>.</summary>
    public string? Step { get; init; }
}

/// <summary>Ends a run; <see cref="Failure"/> says why.</summary>
public sealed class RunException : Exception
{
    /// <summary>Wraps <paramref name="failure"/>.</summary>
    internal RunException(Failure failure, Exception? cause = null) : base(failure.Message, cause) => Failure = failure;

    /// <summary>A failure that has only a kind and a message.</summary>
    internal RunException(FailureKind kind, string message, Exception? cause = null)
        : this(new Failure(kind, message), cause) { }

    /// <summary>Why the run ended.</summary>
    public Failure Failure { get; }

    /// <summary>
    /// From <see cref="Benchmark.RunAsync"/>: the document of the run as far as it came, with the sizes that were finished. Null
    /// elsewhere.
    /// </summary>
    public ResultsDocument? Document { get; internal init; }
}
