using Nperf.Arguments;
using Nperf.Core.Options;

namespace Nperf.Tests.Arguments;

public class PatternTests
{
    [Theory]
    [InlineData("pairs", RunPattern.Pairs)]
    [InlineData("find-slow", RunPattern.FindSlow)]
    [InlineData("--pattern pairs", RunPattern.Pairs)]
    [InlineData("--pattern=find-slow", RunPattern.FindSlow)]
    [InlineData("--pattern collectives", RunPattern.Collectives)]
    public void A_first_word_is_short_for_the_option(string line, RunPattern pattern)
    {
        ParsedCommand parsed = CommandLine.Parse($"{line} -s -n 7".Split(' '));

        Assert.Empty(parsed.Errors);
        Assert.Equal((pattern, Mode.Server, 7), (parsed.Run.Pattern, parsed.Process.Mode, parsed.Process.ExpectedClients));
        Assert.Contains("--pattern", parsed.Given);
    }

    [Theory]
    [InlineData("pairs", 0, 0.1)]
    [InlineData("pairs -b 16M -t 2", 16 << 20, 2)]
    [InlineData("pairs -i 7", 0, 0)]
    [InlineData("-b 16M", 0, 0)]
    public void Pairs_have_a_size_and_a_time_of_their_own(string line, long bytes, double seconds)
    {
        ParsedCommand parsed = CommandLine.Parse(line.Split(' '));

        Assert.Equal((bytes, seconds), (parsed.Run.PairBytes, parsed.Run.Seconds));
    }

    [Theory]
    [InlineData("pairs -n 1", "--pattern: pairs takes two ranks or more, and there is 1 (-n)")]
    [InlineData("find-slow -n 2", "--pattern: find-slow takes three ranks or more, and there are 2")]
    [InlineData("pairs --op allreduce", "--op: has nothing to do with pairs, which sends from rank to rank")]
    [InlineData("pairs --split mod:2 -n 4", "--split: has nothing to do with pairs")]
    [InlineData("pairs -B 4M", "-B: has nothing to do with pairs, which sends from rank to rank: its one size is -b")]
    [InlineData("pairs --dtype int8", "--dtype: has nothing to do with pairs")]
    [InlineData("find-slow -n 4 --cycles 2", "--cycles: has nothing to do with find-slow")]
    [InlineData("pairs --graph", "--graph: has nothing to do with pairs")]
    [InlineData("pairs --algo ring", "--algo: has nothing to do with pairs")]
    [InlineData("pairs --verify each", "--verify: 'each' is not for pairs")]
    [InlineData("pairs --mpi --backend mpi", "--backend: 'mpi' has collectives alone; pairs takes nccl or host")]
    [InlineData("pairs --format nccl-tests", "--format: 'nccl-tests' is for sizes of operations; pairs has table, json and csv")]
    [InlineData("pairs --expect busbw>=1", "--expect: is about operations, and pairs runs none")]
    [InlineData("--pattern paris", "--pattern: 'paris' is not one of collectives, pairs, find-slow")]
    [InlineData("pairs pairs", "'pairs': unexpected; it goes first: nperf pairs, or with its option: --pattern pairs")]
    public void What_makes_no_sense_is_refused_by_name(string line, string start) =>
        Assert.StartsWith(start, CommandLineTests.Error(line));
}
