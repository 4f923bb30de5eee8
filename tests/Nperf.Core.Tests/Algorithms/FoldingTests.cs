using Nperf.Core.Host.Algorithms;

namespace Nperf.Core.Tests.Algorithms;

public sealed class FoldingTests
{
    [Fact]
    public void Those_that_stay_are_a_power_of_two_and_numbered_in_order()
    {
        for (int worldSize = 2; worldSize <= 40; worldSize++)
        {
            Folding[] ranks = [.. Enumerable.Range(0, worldSize).Select(rank => new Folding(rank, worldSize))];
            int[] staying = [.. Enumerable.Range(0, worldSize).Where(rank => !ranks[rank].Leaves)];

            Assert.True(int.IsPow2(staying.Length) && 2 * staying.Length > worldSize);
            Assert.All(staying, (rank, number) =>
            {
                Assert.Equal(staying.Length, ranks[rank].Power);
                Assert.Equal(number, ranks[rank].Number);
                Assert.Equal(rank, ranks[rank].RankOf(number));
                Assert.Equal(ranks[rank].Takes ? rank - 1 : rank, ranks[rank].FirstBlock(number));
                Assert.Equal(ranks[rank].Takes, rank > 0 && ranks[rank - 1].Leaves);
            });
            Assert.Equal(worldSize, ranks[0].FirstBlock(staying.Length));
        }
    }
}
