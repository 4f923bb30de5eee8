using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public class PairsTextTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(16)]
    public void Up_to_sixteen_ranks_are_a_matrix_that_fits(int ranks)
    {
        string[] lines = Lines(ranks);

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
        string[] rows = [.. lines.Where(line => line.Contains(" host-", StringComparison.Ordinal) && !line.Contains(" to ", StringComparison.Ordinal))];
        Assert.Equal(2 * ranks, rows.Length);
        Assert.Equal(ranks + 2, rows[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Single(rows[..ranks].Select(row => row.Length).Distinct());
    }

    [Fact]
    public void The_row_sends_and_the_column_receives()
    {
        PairsSection pairs = Documents.Pairs;
        string[] lines = [.. PairsText.Lines(pairs, Documents.Complete() with { Pairs = pairs }, 120)];

        Assert.Contains(lines, line => line.StartsWith("bandwidth, MB/s", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("0 node1    -  125", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("1 node2 62.5    -", StringComparison.Ordinal));
        Assert.Contains("slow: rank 1 on node2 (eth1), 50.0 % of the others: sends at 0.063 GB/s, where 0.125 are typical", lines);
    }

    [Theory]
    [InlineData(17, 120)]
    [InlineData(64, 120)]
    [InlineData(16, 60)]
    public void What_does_not_fit_is_the_slowest_pairs(int ranks, int width)
    {
        string[] lines = Lines(ranks, width);

        Assert.Equal(10, lines.Count(line => line.Contains(" to ", StringComparison.Ordinal) && line.Contains('%')));
        Assert.Contains(lines, line => line.StartsWith($"  3 host-3{new string(' ', 17)}to 1 host-1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_was_stopped_says_how_far_it_came_and_judges_nobody()
    {
        PairsSection pairs = Documents.Pairs with { Rounds = 7, Outliers = [] };
        string[] lines = [.. PairsText.Lines(pairs, Documents.Complete() with { Pairs = pairs }, 120)];

        Assert.Contains("1 of 7 rounds of pairs were measured", lines);
        Assert.DoesNotContain(lines, line => line.Contains("none is slower", StringComparison.Ordinal));
    }

    [Fact]
    public void Before_the_first_pair_was_measured_there_is_nothing_to_show()
    {
        PairsSection pairs = Documents.Pairs with { Rounds = 3, RoundsDone = 0, Links = [], Classes = [], Outliers = [] };
        string[] lines = [.. PairsText.Lines(pairs, Documents.Complete() with { Pairs = pairs }, 120)];

        Assert.Equal(["", "0 of 3 rounds of pairs were measured"], lines);
    }

    [Fact]
    public void Steps_verdict_and_what_to_try_next_are_told()
    {
        string text = string.Join('\n', FindSlowText.Lines(Documents.FindSlow, verbose: true));

        Assert.Contains("ranks 0,1: 67109 us, 0.0625 GB/s, slow: 38000 us at most were expected", text, StringComparison.Ordinal);
        Assert.Contains("verdict           rank 1 on node2 is slow", text, StringComparison.Ordinal);
        Assert.Contains("next: look at the network adapter of node2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_has_a_line_for_each_direction_of_a_pair()
    {
        string[] lines = CsvFormat.Build(Documents.Complete() with { Pairs = Documents.Pairs }).Split("\r\n");

        Assert.Equal("from,to,fromHost,toHost,class,bytes,timeUs,bandwidth,latencyUs,wrong", lines[0]);
        Assert.Equal("0,1,node1,node2,network,4194304,33554.432,0.125,25,0", lines[1]);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void Wrong_elements_exit_with_3_and_a_slow_rank_with_4()
    {
        PairsSection wrong = Documents.Pairs with { Links = [.. Documents.Pairs.Links.Select(link => link with { Wrong = 1 })] };

        Assert.Equal(ExitCode.Done, ExitCode.Of(null, Documents.Complete() with { Pairs = Documents.Pairs }));
        Assert.Equal(ExitCode.NotAsExpected, ExitCode.Of(null, Documents.Complete() with { Pairs = Documents.Pairs, FindSlow = Documents.FindSlow }));
        Assert.Equal(ExitCode.WrongResults, ExitCode.Of(null, Documents.Complete() with { Pairs = wrong, FindSlow = Documents.FindSlow }));
    }

    private static string[] Lines(int ranks, int width = 120)
    {
        PairLink[] links =
        [
            .. from one in Enumerable.Range(0, ranks)
               from other in Enumerable.Range(0, ranks)
               where one != other
               select new PairLink
               {
                   From = one, To = other, Class = "network", Bandwidth = (one, other) == (3, 1) ? 0.00123 : 0.12345, TimeUs = 12345, LatencyUs = 1234, Wrong = 0,
               },
        ];
        PairsSection pairs = Documents.Pairs with
        {
            Links = links,
            Classes = [new PairClass { Class = "network", Links = links.Length, Bandwidth = 0.12345, LatencyUs = 1234 }],
            Outliers = [],
        };
        ResultsDocument document = Documents.Complete();
        document = document with
        {
            Pairs = pairs,
            Config = document.Config with { NumGpus = ranks },
            Processes =
            [
                .. Enumerable.Range(0, ranks).Select(rank => new ProcessSection
                {
                    Host = $"host-{rank}", ProcessId = 1, Address = "192.0.2.1", Ranks = [rank], Gpus = null,
                }),
            ],
        };
        return [.. PairsText.Lines(pairs, document, width)];
    }
}
