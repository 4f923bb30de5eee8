using CsCheck;
using Nperf.Core.Collectives;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Collectives;

public class TrafficTests
{
    private static readonly TrafficMatrix Matrix = new([[100, 200, 150], [50, 100, 75], [300, 150, 200]]);

    /// <summary>What nccl-tests' alltoallv sends among four ranks with -b 1M: bytes by distance.</summary>
    [Theory]
    [InlineData(0, new long[] { 262144, 262144, 262144, 262144 })]
    [InlineData(0.5, new long[] { 131072, 218448, 305824, 393216 })]
    [InlineData(1, new long[] { 0, 174752, 349520, 524288 })]
    public void A_spread_divides_a_size_as_nccl_tests_does(double spread, long[] bytesByDistance)
    {
        foreach (int elementSize in (int[])[1, 2, 4, 8])
        {
            var traffic = new SpreadTraffic(spread, elementSize);
            long count = traffic.CountFor(1 << 20, elementSize, worldSize: 4);
            for (int from = 0; from < 4; from++)
            {
                IEnumerable<long> bytes = Enumerable.Range(0, 4)
                    .Select(distance => elementSize * traffic.Count(from, (from + distance) % 4, count, worldSize: 4));
                Assert.Equal(bytesByDistance, bytes);
            }

            Assert.Equal(bytesByDistance.Sum(), new AllToAllV(traffic).Bytes(count, elementSize, worldSize: 4));
        }
    }

    [Fact]
    public void A_size_too_small_for_its_shares_becomes_the_smallest_that_moves_an_element()
    {
        foreach (double spread in (double[])[0, 0.3, 1])
        {
            foreach (int ranks in (int[])[1, 2, 3, 8, 1000])
            {
                var traffic = new SpreadTraffic(spread, elementSize: 4);
                long count = traffic.CountFor(1, elementSize: 4, ranks);
                Assert.InRange(count, 1, ranks);
                Assert.InRange(traffic.Busiest(count, ranks), 1, ranks);
                Assert.True(count == 1 || traffic.Busiest(count - 1, ranks) == 0);
            }
        }

        var scaled = new MatrixTraffic(Matrix, worldSize: 3, elementSize: 4, scaled: true);
        Assert.Equal(3, scaled.CountFor(1, elementSize: 4, worldSize: 3));
        Assert.Equal(1, scaled.Busiest(3, worldSize: 3));
    }

    [Fact]
    public void The_bytes_of_a_matrix_run_as_they_are_in_whole_elements()
    {
        var bytes = new MatrixTraffic(Matrix, worldSize: 3, elementSize: 1, scaled: false);
        Assert.Equal(Matrix.Rows, Counts(bytes, count: 0));
        Assert.Equal(650, bytes.CountFor(1 << 20, elementSize: 1, worldSize: 3));
        Assert.Equal(650, Matrix.BusiestBytes(3));

        var doubles = new MatrixTraffic(Matrix, worldSize: 3, elementSize: 8, scaled: false);
        Assert.Equal([[12, 25, 18], [6, 12, 9], [37, 18, 25]], Counts(doubles, count: 0));
        Assert.Equal(80, doubles.Busiest(count: 0, worldSize: 3));
    }

    [Fact]
    public void A_matrix_is_scaled_so_that_the_busiest_rank_has_the_size_asked_for()
    {
        var traffic = new MatrixTraffic(Matrix, worldSize: 3, elementSize: 4, scaled: true);
        long count = traffic.CountFor(650 * 16, elementSize: 4, worldSize: 3);
        Assert.Equal([[400, 800, 600], [200, 400, 300], [1200, 600, 800]], Counts(traffic, count));
        Assert.Equal(650 * 16, new AllToAllV(traffic).Bytes(count, elementSize: 4, worldSize: 3));
    }

    [Fact]
    public void Of_a_larger_matrix_the_first_ranks_count()
    {
        var two = new MatrixTraffic(Matrix, worldSize: 2, elementSize: 1, scaled: false);
        Assert.Equal([[100, 200], [50, 100]], Enumerable.Range(0, 2)
            .Select(from => Enumerable.Range(0, 2).Select(to => two.Count(from, to, 0, 2))));
        Assert.Equal(300, two.Busiest(0, worldSize: 2));
    }

    [Fact]
    public void Blocks_lie_behind_each_other_and_no_rank_exceeds_the_size() =>
        Gen.Select(Gen.Long[0, 500], Gen.Int[1, 9], Gen.Double[0, 1], Gen.Long[1, 100_000]).Sample((seed, ranks, spread, count) =>
        {
            var random = new Random((int)seed);
            long[][] rows = [.. Enumerable.Range(0, ranks).Select(_ =>
                Enumerable.Range(0, ranks).Select(_ => random.NextInt64(0, 5) * random.NextInt64(1, 100_000)).ToArray())];
            rows[0][ranks - 1] = 1;
            Traffic[] all =
            [
                new SpreadTraffic(spread, elementSize: 2),
                new MatrixTraffic(new TrafficMatrix(rows), ranks, elementSize: 2, scaled: true),
            ];
            foreach (Traffic traffic in all)
            {
                for (int rank = 0; rank < ranks; rank++)
                {
                    Assert.InRange(traffic.SendOffset(rank, ranks, count, ranks), 0, count);
                    Assert.InRange(traffic.ReceiveOffset(ranks, rank, count, ranks), 0, count);
                    for (int peer = 0; peer < ranks; peer++)
                    {
                        Assert.Equal(
                            traffic.Count(rank, peer, count, ranks),
                            traffic.SendOffset(rank, peer + 1, count, ranks) - traffic.SendOffset(rank, peer, count, ranks));
                        Assert.Equal(
                            traffic.Count(peer, rank, count, ranks),
                            traffic.ReceiveOffset(peer + 1, rank, count, ranks) - traffic.ReceiveOffset(peer, rank, count, ranks));
                    }
                }
            }
        });

    [Fact]
    public void Only_a_square_matrix_of_bytes_with_something_to_send_is_sound()
    {
        Assert.True(Matrix.IsSound);
        Assert.True(new TrafficMatrix([[1]]).IsSound);
        Assert.False(new TrafficMatrix([]).IsSound);
        Assert.False(new TrafficMatrix([[0]]).IsSound);
        Assert.False(new TrafficMatrix([[1, 2]]).IsSound);
        Assert.False(new TrafficMatrix([[1, 2], [-1, 0]]).IsSound);
        Assert.False(new TrafficMatrix([[1, 2], [TrafficMatrix.MostBytes + 1, 0]]).IsSound);
        Assert.False(new TrafficMatrix([[1, 2], null!]).IsSound);
        Assert.False(new TrafficMatrix(null!).IsSound);
    }

    private static IEnumerable<IEnumerable<long>> Counts(Traffic traffic, long count) => Enumerable.Range(0, 3)
        .Select(from => Enumerable.Range(0, 3).Select(to => traffic.Count(from, to, count, worldSize: 3)));
}
