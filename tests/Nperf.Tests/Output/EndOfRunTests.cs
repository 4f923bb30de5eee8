using Nperf.Core;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public class EndOfRunTests
{
    [Theory]
    [InlineData(FailureKind.Error, 1)]
    [InlineData(FailureKind.Timeout, 1)]
    [InlineData(FailureKind.PeerLost, 1)]
    [InlineData(FailureKind.OptionsDiffer, 2)]
    [InlineData(FailureKind.Interrupted, 130)]
    [InlineData(FailureKind.Terminated, 143)]
    [InlineData(FailureKind.HungUp, 129)]
    public void A_failure_decides_the_exit_code(FailureKind kind, int code)
    {
        Assert.Equal(code, ExitCode.Of(new Failure(kind, "m"), [Documents.Size(wrong: 1)]));
    }

    [Fact]
    public void Without_a_failure_wrong_results_do()
    {
        Assert.Equal(3, ExitCode.Of(null, [Documents.Size(), Documents.Size(wrong: 1)]));
        Assert.Equal(0, ExitCode.Of(null, [Documents.Size(), Documents.Size(wrong: null)]));
        Assert.Equal(0, ExitCode.Of(null, []));
    }

    [Theory]
    [InlineData("rank 3 on node2 left", "nperf: error: rank 3 on node2 left (during allreduce 8 B)")]
    [InlineData("lost", "nperf: error: lost (rank 3 on node2 during allreduce 8 B)")]
    public void An_error_line_says_where_and_when_unless_the_message_does(string message, string line)
    {
        var failure = new Failure(FailureKind.PeerLost, message)
        {
            Rank = 3,
            Host = "node2",
            Step = "allreduce 8 B",
        };

        Assert.Equal(line, ErrorLine.Of(failure));
    }

    [Fact]
    public void An_error_from_another_machine_is_one_line_without_control_characters()
    {
        Assert.Equal("nperf: error: a b?[31mc", ErrorLine.Of(new Failure(FailureKind.Error, "a\r\nb\e[31mc")));
    }

    [Fact]
    public void Only_debug_shows_where_in_the_program_it_happened()
    {
        var exception = new RunException(FailureKind.Error, "m", new IOException("inner"));
        using var plain = new StringWriter { NewLine = "\n" };
        using var debug = new StringWriter { NewLine = "\n" };
        ErrorLine.Write(plain, exception.Failure, exception);
        ErrorLine.Write(debug, exception.Failure, exception, debug: true);

        Assert.Equal("nperf: error: m\n", plain.ToString());
        Assert.Contains("System.IO.IOException: inner", debug.ToString());
    }
}
