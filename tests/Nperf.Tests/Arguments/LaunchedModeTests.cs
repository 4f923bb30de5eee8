using Nperf.Arguments;
using Nperf.Core.Options;

namespace Nperf.Tests.Arguments;

/// <summary>What a command line means within the environment of a launcher.</summary>
public class LaunchedModeTests
{
    private static ParsedCommand Parse(string line, int process = 1) => CommandLine.Parse(
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        new Dictionary<string, string>
        {
            ["RANK"] = $"{process}",
            ["WORLD_SIZE"] = "4",
            ["MASTER_ADDR"] = "node1",
            ["MASTER_PORT"] = "6000",
        });

    [Theory]
    [InlineData(0, Mode.Server)]
    [InlineData(3, Mode.Client)]
    public void Process_0_becomes_the_server_and_the_others_its_clients(int number, Mode mode)
    {
        ParsedCommand parsed = Parse("-g 2 --op allreduce", number);
        Assert.Empty(parsed.Errors);
        ProcessOptions process = parsed.Process;
        Assert.Equal(
            (mode, "node1", 6000, new AssignedPlace(number, 4), 2, "torchrun", "torchrun"),
            (process.Mode, process.ServerHost, process.Port, process.Assigned, process.RanksPerProcess, process.StartedBy, process.ModeName));
        Assert.Equal(number > 0, process.LeavesOutputToServer);
        Assert.Equal(
            $"started by torchrun: process {number} of 4, server node1 port 6000 (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT)",
            process.Found);
    }

    [Theory]
    [InlineData("", 1, Mode.Mpi)]
    [InlineData("MASTER_ADDR=node1", 1, Mode.Client)]
    [InlineData("MASTER_ADDR=node1", 0, Mode.Server)]
    public void Under_mpirun_mpi_joins_unless_an_address_is_set(string more, int number, Mode mode)
    {
        var environment = new Dictionary<string, string> { ["PMI_RANK"] = $"{number}", ["PMI_SIZE"] = "2" };
        if (more.Length > 0) environment[more.Split('=')[0]] = more.Split('=')[1];
        ParsedCommand parsed = CommandLine.Parse([], environment);
        Assert.Empty(parsed.Errors);
        ProcessOptions process = parsed.Process;
        Assert.Equal((mode, number > 0, ProcessOptions.DefaultPort), (process.Mode, process.LeavesOutputToServer, process.Port));
        Assert.StartsWith($"started by mpirun: process {number} of 2, ", process.Found, StringComparison.Ordinal);
        Assert.Null(CommandLine.Parse(["--mpi"], environment).Process.Found);
    }

    [Fact]
    public void A_port_that_was_given_wins() => Assert.Equal(7000, Parse("-p 7000").Process.Port);

    [Theory]
    [InlineData("-s -n 3", Mode.Server)]
    [InlineData("-c node9", Mode.Client)]
    public void A_mode_that_was_given_wins(string line, Mode mode)
    {
        ProcessOptions process = Parse(line).Process;
        Assert.Equal((mode, null, null, false), (process.Mode, process.Assigned, process.Found, process.LeavesOutputToServer));
    }

    [Fact]
    public void Local_within_a_launcher_runs_and_says_that_each_process_does()
    {
        ProcessOptions process = Parse("--local -n 3").Process;
        Assert.Equal((Mode.Local, 3, false), (process.Mode, process.RanksPerProcess, process.LeavesOutputToServer));
        Assert.Equal("torchrun started 4 processes; with --local each has a run of its own", process.Found);
    }

    [Theory]
    [InlineData("-n 4", 0, "-n: torchrun started 4 processes, and that is how many there are; the ranks of each are -g")]
    [InlineData("-n 4", 1, "-n: torchrun started 4 processes, and that is how many there are; the ranks of each are -g")]
    [InlineData("-p 0", 0, "0 is no port that the others could know")]
    [InlineData("-p 0", 1, "-p: '0' is not")]
    [InlineData("--transport memory", 1, "--transport")]
    public void What_does_not_fit_a_launched_process_is_refused(string line, int process, string message) =>
        Assert.Contains(message, Assert.Single(Parse(line, process).Errors), StringComparison.Ordinal);

    [Theory]
    [InlineData("--topology -J -o hosts.json")]
    [InlineData("--topology --topo-format tree")]
    [InlineData("-J -o results.json -v")]
    public void One_command_line_fits_all_processes(string line)
    {
        Assert.Empty(Parse(line, 0).Errors);
        Assert.Empty(Parse(line, 1).Errors);
    }

    [Fact]
    public void Half_an_environment_is_a_mistake_unless_a_mode_was_given()
    {
        var environment = new Dictionary<string, string> { ["RANK"] = "1" };
        string error = Assert.Single(CommandLine.Parse([], environment).Errors);
        Assert.StartsWith("the environment of torchrun is half set: RANK is set, ", error, StringComparison.Ordinal);
        foreach (string[] line in new[] { ["--local"], ["-s"], ["-c", "node1"], ["--help"], ["doctor"], new[] { "--version" } })
            Assert.Empty(CommandLine.Parse(line, environment).Errors);
    }
}
