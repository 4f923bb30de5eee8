using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Tests.Kernels;
using Nperf.Core.Verification;

namespace Nperf.Core.Tests.Verification;

/// <summary>Errors that a broken fabric or a broken algorithm makes are found, every one.</summary>
public class PlantedErrorTests
{
    private static readonly int[] WorldSizes = [1, 2, 3, 5, 8, 16, 300];

    public static TheoryData<DataType, Reduction> Combinations() => TestPatternTests.Combinations();

    public static TheoryData<DataType> Types() => [.. DataTypes.All];

    /// <summary>8-bit averages over so many ranks have fewer than three values.</summary>
    private static bool HasTooFewValues(DataType type, Reduction reduction, int worldSize) =>
        reduction == Reduction.Avg && type is DataType.Int8 or DataType.UInt8 && worldSize > 42;

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Any_flipped_bit_of_any_element(DataType type, Reduction reduction)
    {
        foreach (int worldSize in (int[])[1, 5, 300])
        {
            var run = new PatternRun(new AllReduce(), type, reduction, worldSize, 20);
            byte[] receive = run.Receive(0);
            for (int bit = 0; bit < 8 * receive.Length; bit++)
            {
                receive[bit / 8] ^= (byte)(1 << (bit % 8));
                CheckResult result = run.Check(receive, 0);
                Assert.Equal((1, bit / 8 / type.Size()), (result.Wrong, result.First!.Index));
                Assert.NotEqual(result.First.Expected, result.First.Found);
                receive[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Every_element_of_a_stale_buffer(DataType type, Reduction reduction)
    {
        foreach (Collective collective in (Collective[])[new AllReduce(), new ReduceScatter(), new AllGather()])
        {
            foreach (int worldSize in WorldSizes)
            {
                if (collective.Reduces && HasTooFewValues(type, reduction, worldSize))
                    continue;
                int count = worldSize == 300 ? 4 : 260;
                var run = new PatternRun(collective, type, reduction, worldSize, count, seed: 7);
                byte[] receive = run.Receive(worldSize - 1);
                long elements = receive.Length / type.Size();
                Assert.Equal(elements, run.Check(receive, worldSize - 1, seed: 8).Wrong);
                Assert.Equal(elements, run.Check(receive, worldSize - 1, seed: 6).Wrong);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Every_element_not_written_over_poison_or_zero(DataType type, Reduction reduction)
    {
        foreach (int worldSize in WorldSizes)
        {
            var run = new PatternRun(new AllReduce(), type, reduction, worldSize, 100);
            byte[] poisoned = [.. Enumerable.Repeat((byte)0xFF, 100 * type.Size())];
            Assert.Equal(100, run.Check(poisoned, 0).Wrong);
            if (reduction != Reduction.Avg) // The one that may be 0.
                Assert.Equal(100, run.Check(new byte[100 * type.Size()], 0).Wrong);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Blocks_of_16_bytes_swapped_or_moved(DataType type, Reduction reduction)
    {
        const int blocks = 1000;
        var random = new Random(6);
        foreach (int worldSize in (int[])[1, 2, 16, 300])
        {
            if (HasTooFewValues(type, reduction, worldSize))
                continue;
            // Reduced from the ranks' values for a stretch of the buffer; a short one for many ranks.
            int elements = 16 / type.Size();
            int count = worldSize == 300 ? 64 * elements : worldSize == 1 ? blocks * elements : 100 * elements;
            var run = new PatternRun(new AllReduce(), type, reduction, worldSize, count);
            byte[] right = run.Receive(0);
            for (int trial = 0; trial < 200; trial++)
            {
                // Aligned to blocks in one half of the trials, to elements in the other.
                int unit = trial % 2 == 0 ? 16 : type.Size();
                int from = random.Next(((right.Length - 16) / unit) + 1) * unit;
                int to = random.Next(((right.Length - 16) / unit) + 1) * unit;
                if (from == to)
                    continue;
                byte[] receive = [.. right];
                right.AsSpan(from, 16).CopyTo(receive.AsSpan(to));
                Assert.True(run.Check(receive, 0).Wrong > 0, $"{worldSize} ranks: {from} moved to {to}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void No_block_of_16_bytes_is_equal_to_another(DataType type)
    {
        // Exhaustive, over the whole length of the pattern.
        int size = type.Size(), elements = 16 / size;
        var run = new PatternRun(new SendRecv(), type, Reduction.Sum, 2, PositionSequence.Length);
        byte[] send = run.Fill(1, 7);
        var seen = new HashSet<(ulong, ulong)>();
        for (int i = 0; i + elements <= PositionSequence.Length; i++)
        {
            (ulong, ulong) block = (BitConverter.ToUInt64(send, i * size), BitConverter.ToUInt64(send, (i * size) + 8));
            Assert.True(seen.Add(block), $"the block at {i} stands elsewhere too");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_block_of_another_rank(DataType type)
    {
        int count = 16 / type.Size();
        foreach (int worldSize in (int[])[2, 3, 5, 8, 16, 300])
        {
            foreach (Collective collective in (Collective[])[new AllGather(), new AllToAll()])
            {
                var run = new PatternRun(collective, type, Reduction.Sum, worldSize, count);
                byte[] right = run.Receive(0);
                var random = new Random(8);
                for (int trial = 0; trial < 200; trial++)
                {
                    int from = random.Next(worldSize), to = random.Next(worldSize);
                    if (from == to)
                        continue;
                    byte[] receive = [.. right];
                    right.AsSpan(16 * from, 16).CopyTo(receive.AsSpan(16 * to));
                    CheckResult result = run.Check(receive, 0);
                    Assert.InRange(result.Wrong, 1, count);
                    Assert.InRange(result.First!.Index, to * count, ((to + 1) * count) - 1);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void A_contribution_missing_or_counted_twice(DataType type, Reduction reduction)
    {
        foreach (int worldSize in (int[])[2, 3, 5, 8, 16, 300])
        {
            if (HasTooFewValues(type, reduction, worldSize))
                continue;
            bool decidesOnlySometimes = reduction is Reduction.Min or Reduction.Max or Reduction.Prod;
            if (worldSize > PositionSequence.Values && decidesOnlySometimes)
                continue; // Some ranks' values never decide the result.

            const int count = 800;
            var run = new PatternRun(new AllReduce(), type, reduction, worldSize, count);
            foreach (int rank in (int[])[0, 1, worldSize / 2, worldSize - 1])
            {
                byte[] missing = Reduce(type, reduction, run.Sends, rank, times: 0);
                Assert.True(run.Check(missing, 0).Wrong > 0, $"rank {rank} of {worldSize} missing");
                if (reduction is Reduction.Min or Reduction.Max)
                    continue; // Twice is as good as once.
                byte[] twice = Reduce(type, reduction, run.Sends, rank, times: 2);
                Assert.True(run.Check(twice, 0).Wrong > 0, $"rank {rank} of {worldSize} counted twice");
                byte[] instead = Reduce(type, reduction, run.Sends, rank, times: 0, twice: (rank + 1) % worldSize);
                Assert.True(run.Check(instead, 0).Wrong > 0, $"rank {rank} of {worldSize} replaced by the next");
            }
        }
    }

    /// <summary>
    /// The reduction with one rank left out or counted twice; an average is still divided by all ranks.
    /// </summary>
    private static byte[] Reduce(
        DataType type, Reduction reduction, long[][] sends, int rank, int times, int twice = -1)
    {
        int size = type.Size();
        byte[] result = new byte[sends[0].Length * size];
        for (int i = 0; i < sends[0].Length; i++)
        {
            double total = double.NaN;
            for (int r = 0; r < sends.Length; r++)
            {
                for (int t = r == rank ? times : r == twice ? 2 : 1; t > 0; t--)
                {
                    double value = sends[r][i];
                    total = double.IsNaN(total) ? value : reduction switch
                    {
                        Reduction.Prod => total * value,
                        Reduction.Min => Math.Min(total, value),
                        Reduction.Max => Math.Max(total, value),
                        _ => total + value,
                    };
                }
            }

            if (reduction == Reduction.Avg)
                total = type.IsFloatingPoint() ? total / sends.Length : Math.Truncate(total / sends.Length);
            byte[] bytes = type switch
            {
                DataType.Int8 or DataType.UInt8 => [unchecked((byte)(long)total)],
                DataType.Int32 or DataType.UInt32 => BitConverter.GetBytes(unchecked((uint)(long)total)),
                DataType.Int64 or DataType.UInt64 => BitConverter.GetBytes((long)total),
                DataType.Float16 => BitConverter.GetBytes((Half)total),
                DataType.Float32 => BitConverter.GetBytes((float)total),
                DataType.Float64 => BitConverter.GetBytes(total),
                DataType.Float8E4M3 or DataType.Float8E5M2 => [ScalarFloat8.FromDouble(type, total)],
                _ => BitConverter.GetBytes(BFloat16.FromSingle((float)total).Bits),
            };
            bytes.CopyTo(result, i * size);
        }

        return result;
    }
}
