using Nperf.Arguments;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Arguments;

public sealed class AlgorithmFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("table.txt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_rules_in_their_order_and_comments_are_for_people()
    {
        ParsedCommand parsed = Parse(
            "# mine\nallreduce 2 192K recursive-doubling\r\n\n\tallreduce  any any ring # above\nalltoall 3 1M bruck\nalltoall any any single-copy maps");

        Assert.Empty(parsed.Errors);
        Assert.Equal(
            ["allreduce 2 192K recursive-doubling", "allreduce any any ring", "alltoall 3 1M bruck", "alltoall any any single-copy maps"],
            parsed.Run.AlgorithmTable!.Rules.Select(rule => rule.ToString()));
        Assert.Equal(new AlgorithmRule("alltoall", 3, 1 << 20, "bruck"), parsed.Run.AlgorithmTable.Rules[2]);
        Assert.True(parsed.Run.AlgorithmTable.IsSound);
        Assert.Equal(["--algo-table"], parsed.Given);
    }

    [Fact]
    public void What_nperf_algorithms_prints_is_such_a_file()
    {
        ParsedCommand printed = CommandLine.Parse(["algorithms"]);

        Assert.Empty(printed.Errors);
        Assert.Equal(HostAlgorithms.Table, Parse(printed.Text!).Run.AlgorithmTable!.Rules);
        Assert.Equal("-n: has nothing to do with nperf algorithms, which takes none", Assert.Single(CommandLine.Parse(["algorithms", "-n", "2"]).Errors));
        Assert.StartsWith("nperf: how fast", CommandLine.Parse(["algorithms", "--help"]).Text);
    }

    [Fact]
    public void A_rule_for_a_crowd_hides_none_for_anywhere()
    {
        AlgorithmRule[] rules = [.. Parse("sendrecv any any exchange crowded\nsendrecv any any single-copy maps").Run.AlgorithmTable!.Rules];

        Assert.Equal([true, false], rules.Select(rule => rule.Crowded));
        Assert.Equal("sendrecv any any exchange crowded", rules[0].ToString());
    }

    [Fact]
    public void The_documentation_has_the_same_table()
    {
        string page = File.ReadAllText(System.IO.Path.Combine(NperfBinary.Root, "docs", "algorithms.md"));

        Assert.All(HostAlgorithms.Names, name => Assert.Contains($"`{name}`", page));
    }

    [Theory]
    [InlineData("", "has no rule; a line each, ")]
    [InlineData("# only this\n\n", "has no rule; a line each, ")]
    [InlineData("allreduce any 8K\n", "has in line 1 3 words instead of 4 or 5: COLLECTIVE RANKS BYTES ALGORITHM [WHERE], for example: allreduce 2 192K recursive-doubling")]
    [InlineData("\nallreduce any 8K ring maps 2\n", "has in line 2 6 words instead of 4 or 5")]
    [InlineData("\nallreduce any 8K ring chain\n", "has in line 2 'chain', which does not say where: it is copies, maps or crowded")]
    [InlineData("allreduce any 8K ring\nallreduce any 8K ring maps\n", "has in line 2 what is never reached: line 1 ")]
    [InlineData("allreduce any 8K ring\nallreduce any 8K chain crowded\n", "has in line 2 'chain', which allreduce does not have")]
    [InlineData("allreduce any 8K ring\nallreduce any 8K recursive-doubling crowded\n", "has in line 2 what is never reached: line 1 ")]
    [InlineData("allreduc any 8K ring\n", "has in line 1 'allreduc', which is no collective: they are allreduce, ")]
    [InlineData("# x\nallreduce 1 8K ring\n", "has in line 2 '1', which is no number of ranks: a whole number from 2 on, or any")]
    [InlineData("allreduce -2 8K ring\n", "has in line 1 '-2', which is no number of ranks")]
    [InlineData("allreduce any 8KB ring\n", "has in line 1 '8KB', which is not a size; a whole number with K, M, G or T, for example 1M, or any")]
    [InlineData("allreduce any 0 ring\n", "has in line 1 '0', which is no size; at least 1 byte, or any")]
    [InlineData("allreduce any 8K bruck\n", "has in line 1 'bruck', which allreduce does not have: it has recursive-doubling, ")]
    [InlineData("allreduce any 8K recursive-doubeling\n", "has in line 1 'recursive-doubeling', which allreduce does not have: it has recursive-doubling, ring, single-copy, hierarchical-leader, hierarchical; did you mean recursive-doubling?")]
    [InlineData("allreduce any 8K ring\n\nallreduce 4 8K ring", "has in line 3 what is never reached: line 1 (allreduce any 8K ring) has room for all of it")]
    public void A_line_that_is_no_rule_is_refused_by_its_number(string text, string mistake) =>
        Assert.StartsWith($"--algo-table: '{Path}' {mistake}", Assert.Single(Parse(text).Errors));

    [Fact]
    public void More_rules_than_a_message_has_room_for_are_refused()
    {
        IEnumerable<string> lines = Enumerable.Range(1, AlgorithmRules.Most + 1).Select(i => $"allreduce any {i} ring");

        Assert.Equal($"--algo-table: '{Path}' has more than {AlgorithmRules.Most} rules", Assert.Single(Parse(string.Join('\n', lines)).Errors));
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        string Refusal(string path) => Assert.Single(CommandLine.Parse(["--algo-table", path]).Errors);

        Assert.Equal($"--algo-table: '{Path}' cannot be read: there is no such file", Refusal(Path));
        Assert.Equal("--algo-table: '/' cannot be read: it is a directory", Refusal("/"));
        Assert.Equal("--algo-table: '/dev/zero' is too large to be a table of algorithms", Refusal("/dev/zero"));
    }

    [Theory]
    [InlineData("--algo ring", "--algo-table: cannot be combined with --algo, which takes one for every size; choose one")]
    [InlineData("--backend nccl", "--algo-table: is the host backend's, and --backend nccl has none")]
    public void What_it_does_not_go_with_is_refused(string other, string mistake) =>
        Assert.Equal(mistake, Assert.Single(Parse("allreduce any any ring\n", other.Split(' ')).Errors));

    private ParsedCommand Parse(string text, params string[] more)
    {
        File.WriteAllText(Path, text);
        return CommandLine.Parse(["--algo-table", Path, .. more]);
    }
}
