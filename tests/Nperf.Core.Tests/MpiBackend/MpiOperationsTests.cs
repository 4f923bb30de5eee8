using Nperf.Core.Collectives;
using Nperf.Core.MpiBackend;

namespace Nperf.Core.Tests.MpiBackend;

public unsafe class MpiOperationsTests
{
    [Fact]
    public void Every_operation_has_its_calls() =>
        Assert.Equal(Operations.All.Count, Operations.All.Select(MpiOperations.For).Distinct().Count());

    /// <summary>NCCL leaves a block where the rank has its own, MPI at the start.</summary>
    [Fact]
    public void In_place_only_the_result_of_a_reducescatter_is_elsewhere_than_with_NCCL()
    {
        foreach (Collective collective in Operations.All.Where(collective => collective.CanBeInPlace))
        {
            for (int rank = 0; rank < 3; rank++)
            {
                InPlace own = MpiOperations.InPlaceOf(collective, 10, worldSize: 3, rank, root: 1);
                InPlace other = collective.InPlaceOf(10, worldSize: 3, rank, root: 1);
                Assert.Equal(collective is ReduceScatter ? other with { ReceiveOffset = 0 } : other, own);
            }
        }
    }

    [Fact]
    public void The_blocks_of_an_alltoallv_follow_each_other()
    {
        const int Ranks = 3;
        const long Count = 1000;
        var traffic = new SpreadTraffic(1, elementSize: 4);
        for (int rank = 0; rank < Ranks; rank++)
        {
            var blocks = new MpiBlocks(traffic, Count, rank, Ranks);
            for (int peer = 0; peer < Ranks; peer++)
            {
                Assert.Equal(traffic.Count(rank, peer, Count, Ranks), blocks.SendCounts[peer]);
                Assert.Equal(traffic.SendOffset(rank, peer, Count, Ranks), blocks.SendOffsets[peer]);
                Assert.Equal(traffic.Count(peer, rank, Count, Ranks), blocks.ReceiveCounts[peer]);
                Assert.Equal(traffic.ReceiveOffset(peer, rank, Count, Ranks), blocks.ReceiveOffsets[peer]);
            }
        }
    }
}
