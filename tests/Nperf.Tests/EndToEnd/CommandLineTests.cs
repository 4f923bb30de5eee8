namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    public void Help_lists_the_options_and_the_exit_codes(string option)
    {
        string help = NperfBinary.Run(option);
        foreach (string expected in new[] { "--server", "--client", "--op", "--bytes", "--json", "5201", "130" })
            Assert.Contains(expected, help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_one_line() => Assert.Matches(@"^nperf \d+\.\d+\.\d+\S*\n$", NperfBinary.Run("--version"));

    [Fact]
    public void Without_arguments_a_local_run_is_made() =>
        Assert.Contains("allreduce", NperfBinary.Run(""), StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_are_reported_at_once_and_nothing_runs()
    {
        using RunningProcess nperf = NperfBinary.Start("-t abc -b 1Q -i 5x --op allredcue");
        nperf.ExpectExit(2);
        foreach (string expected in new[] { "-t", "abc", "-b", "1Q", "-i", "5x", "--op", "allredcue" })
            Assert.Contains(expected, nperf.Errors, StringComparison.Ordinal);
        Assert.Empty(nperf.Output);
    }

    [Theory]
    [InlineData("-u")]
    [InlineData("-P 4")]
    [InlineData("-R")]
    [InlineData("--bidir")]
    [InlineData("-e 1G")]
    [InlineData("-f 2")]
    public void A_habit_from_another_tool_is_refused_with_a_hint(string habit)
    {
        using RunningProcess nperf = NperfBinary.Start(habit);
        nperf.ExpectExit(2);
        Assert.Contains(NperfBinary.Split(habit)[0], nperf.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_and_client_at_once_are_refused()
    {
        using RunningProcess nperf = NperfBinary.Start("-s -c localhost");
        nperf.ExpectExit(2);
    }
}
