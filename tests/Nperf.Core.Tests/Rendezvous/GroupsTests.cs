using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

public sealed class GroupsTests
{
    [Theory]
    [InlineData(8, SplitKind.Mod, 2, "0,2,4,6|1,3,5,7")]
    [InlineData(8, SplitKind.And, 1, "0,2,4,6|1,3,5,7")]
    [InlineData(8, SplitKind.Div, 4, "0,1,2,3|4,5,6,7")]
    [InlineData(8, SplitKind.Or, 3, "0,1,2,3|4,5,6,7")]
    [InlineData(8, SplitKind.And, 2, "0,1,4,5|2,3,6,7")]
    [InlineData(6, SplitKind.Div, 2, "0,1|2,3|4,5")]
    [InlineData(3, SplitKind.Mod, 3, "0|1|2")]
    [InlineData(3, SplitKind.And, 0, "0,1,2")]
    [InlineData(3, SplitKind.Div, 100, "0,1,2")]
    public void Ranks_of_one_color_are_a_group(int ranks, SplitKind kind, int value, string expected)
    {
        var groups = Groups.Of(ranks, new Split(kind, value));
        Assert.Equal(expected, string.Join('|', groups.All.Select(members => string.Join(',', members))));
        Assert.Equal(ranks, groups.Count * groups.Size);
        for (int group = 0; group < groups.Count; group++)
        {
            for (int rank = 0; rank < groups.Size; rank++)
            {
                int worldRank = groups.All[group][rank];
                Assert.Equal((group, rank), (groups.GroupOf(worldRank), groups.RankOf(worldRank)));
                Assert.Equal(groups.All[group], groups.MembersWith(worldRank));
                Assert.Equal(new Split(kind, value).ColorOf(worldRank), groups.ColorOf(worldRank));
            }
        }
    }

    [Fact]
    public void Without_a_split_all_are_one_group()
    {
        var groups = Groups.Of(3, split: null);
        Assert.Equal([[0, 1, 2]], groups.All);
        Assert.Equal((1, 3, 0), (groups.Count, groups.Size, groups.ColorOf(2)));
    }

    [Theory]
    [InlineData(7, SplitKind.Div, 4, "--split: 'div:4' makes groups of 4, 3 of 7 ranks; they have to be equally large")]
    [InlineData(4, SplitKind.Or, 1, null)]
    [InlineData(5, SplitKind.Or, 1, "--split: 'or:1' makes groups of 2, 2, 1 of 5 ranks; they have to be equally large")]
    [InlineData(35, SplitKind.Div, 2, "--split: 'div:2' makes groups of 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, ... of 35 ranks; they have to be equally large")]
    public void Groups_that_are_not_equally_large_are_refused_with_their_sizes(
        int ranks, SplitKind kind, int value, string? refusal)
    {
        Func<Groups> split = () => Groups.Of(ranks, new Split(kind, value));
        if (refusal is null) split();
        else Assert.Equal(refusal, Assert.Throws<RunException>(split).Message);
    }
}
