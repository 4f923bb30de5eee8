using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Verification;

namespace Nperf.Core.Tests.Verification;

public unsafe class TestPatternTests
{
    private static readonly int[] WorldSizes = [1, 2, 3, 5, 8, 16, 300];

    public static TheoryData<string, DataType> Cases()
    {
        var data = new TheoryData<string, DataType>();
        foreach (Collective collective in Operations.All)
        {
            foreach (DataType type in DataTypes.All)
                data.Add(collective.Name, type);
        }

        return data;
    }

    public static TheoryData<DataType, Reduction> Combinations()
    {
        var data = new TheoryData<DataType, Reduction>();
        foreach (DataType type in DataTypes.All)
        {
            foreach (Reduction reduction in Reductions.All)
                data.Add(type, reduction);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_right_result_has_nothing_wrong(string name, DataType type)
    {
        Collective collective = Operations.Find(name)!;
        foreach (int worldSize in WorldSizes)
        {
            int count = worldSize == 300 ? 3 : 37;
            int root = worldSize / 2;
            foreach (Reduction reduction in collective.Reduces ? Reductions.All : [Reduction.Sum])
            {
                var run = new PatternRun(collective, type, reduction, worldSize, count, seed: 1000, root);
                foreach (int rank in (int[])[0, worldSize / 2, worldSize - 1])
                {
                    byte[] receive = run.Receive(rank);
                    if (collective.HasData)
                    {
                        Assert.Equal(
                            collective.ReceiveCount(count, worldSize, rank, root) * type.Size(), receive.Length);
                    }

                    CheckResult result = run.Check(receive, rank, seed: 1000);
                    Assert.True(result == default, $"{reduction} over {worldSize}, rank {rank}: {result}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void The_kernels_give_the_expected_bits_in_any_order_of_the_ranks(DataType type, Reduction reduction)
    {
        const int count = 260;
        var random = new Random(5);
        foreach (int worldSize in WorldSizes)
        {
            var run = new PatternRun(new AllReduce(), type, reduction, worldSize, count);
            byte[][] filled = [.. Enumerable.Range(0, worldSize).Select(rank => run.Fill(rank, 7))];
            ReductionKernel kernel = ReductionKernels.For(type, reduction);
            for (int order = 0; order < 2; order++)
            {
                // Any two partial results at a time, until one is left.
                List<byte[]> parts = [.. filled.Select(buffer => (byte[])buffer.Clone())];
                while (parts.Count > 1)
                {
                    int right = random.Next(1, parts.Count), left = random.Next(right);
                    fixed (byte* l = parts[left], r = parts[right])
                        kernel.Combine(l, l, r, count);
                    parts.RemoveAt(right);
                }

                if (reduction == Reduction.Avg)
                {
                    fixed (byte* data = parts[0])
                        ReductionKernels.Divide(type, data, count, worldSize);
                }

                Assert.Equal(default, run.Check(parts[0], 0));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Buffers_longer_than_the_pattern_are_filled_and_checked_to_the_end(DataType type, Reduction reduction)
    {
        int count = (3 * PositionSequence.Length) + 5;
        var run = new PatternRun(new AllReduce(), type, reduction, 1, count);
        byte[] receive = run.Fill(0, 7);
        Assert.Equal(default, run.Check(receive, 0));
        for (int i = 0; i < count; i += 31)
            Assert.Equal(run.Sends[0][i % PositionSequence.Length], run.Sends[0][i]);

        foreach (int index in (int[])[0, 4095, 4096, PositionSequence.Length - 1, PositionSequence.Length, count - 1])
        {
            receive[index * type.Size()] ^= 1;
            CheckResult result = run.Check(receive, 0);
            Assert.Equal((1, index), (result.Wrong, result.First?.Index));
            receive[index * type.Size()] ^= 1;
        }
    }

    [Theory]
    [InlineData(DataType.Float8E5M2)]
    [InlineData(DataType.Float8E4M3)]
    [InlineData(DataType.Int8)]
    public void The_smallest_types_tell_many_ranks_and_each_step_of_the_index_apart(DataType type)
    {
        // Among so many there are ranks of the same line modulo M, but for the order of the indices.
        const int ranks = 400, indices = PositionSequence.Values;
        var values = new PatternValues(type, null, ranks);
        ulong[][] bits = [.. Enumerable.Range(0, ranks).Select(
            rank => Enumerable.Range(0, indices).Select(index => values.Bits(rank, index)).ToArray())];
        for (int rank = 0; rank < ranks; rank++)
        {
            for (int index = 0; index < indices; index++)
                Assert.NotEqual(bits[rank][index], bits[rank][(index + 1) % indices]);
            for (int other = 0; other < rank; other++)
            {
                int same = bits[rank].Zip(bits[other]).Count(pair => pair.First == pair.Second);
                Assert.True(same < indices * 3 / 8, $"ranks {other} and {rank} have {same} values in common");
            }
        }
    }

    [Fact]
    public void Fill_and_check_touch_nothing_outside_and_take_any_address()
    {
        foreach (DataType type in DataTypes.All)
        {
            foreach (int count in (int[])[0, 1, 2, 250, 251, 252, 1000])
            {
                byte[] buffer = new byte[1 + (count * type.Size()) + 16];
                Array.Fill(buffer, (byte)0xEE);
                var pattern = new TestPattern(new SendRecv(), type, Reduction.Sum, 2);
                fixed (byte* data = buffer)
                {
                    pattern.Fill((nint)data + 1, count, 1, 3);
                    Assert.Equal(
                        default, pattern.Check((nint)data + 1, [new Segment(0, count, 1, 0)], 3, 0));
                }

                Assert.Equal(0xEE, buffer[0]);
                Assert.All(buffer[(1 + (count * type.Size()))..], guard => Assert.Equal(0xEE, guard));
            }
        }
    }

    [Fact]
    public void Poison_fills_exactly_the_bytes_given()
    {
        byte[] buffer = new byte[100];
        var pattern = new TestPattern(new SendRecv(), DataType.Float32, Reduction.Sum, 2);
        fixed (byte* data = buffer)
            pattern.Poison((nint)data + 3, 90);
        Assert.Equal([.. new byte[3], .. Enumerable.Repeat((byte)0xFF, 90), .. new byte[7]], buffer);
    }

    [Theory]
    [InlineData(DataType.Float32, "NaN (0xffffffff, not written)")]
    [InlineData(DataType.Float16, "NaN (0xffff, not written)")]
    [InlineData(DataType.Float8E4M3, "NaN (0xff, not written)")]
    [InlineData(DataType.Float8E5M2, "NaN (0xff, not written)")]
    [InlineData(DataType.Int8, "-1 (0xff, not written)")]
    [InlineData(DataType.UInt64, "18446744073709551615 (0xffffffffffffffff, not written)")]
    public void An_element_never_written_is_named_as_such(DataType type, string found)
    {
        var run = new PatternRun(new AllReduce(), type, Reduction.Sum, 2, 10);
        byte[] receive = run.Receive(0);
        long expected = NaiveCollective.Values(type, receive)[4];
        receive.AsSpan(4 * type.Size(), type.Size()).Fill(0xFF);
        CheckResult result = run.Check(receive, 0);
        Assert.Equal(1, result.Wrong);
        Assert.Equal(new(4, expected.ToString(), found), result.First);
    }

    [Fact]
    public void A_tolerance_is_relative_and_accepts_no_NaN()
    {
        var run = new PatternRun(new AllReduce(), DataType.Float32, Reduction.Sum, 2, 10);
        byte[] right = run.Receive(0);
        float value = BitConverter.ToSingle(right, 8);
        CheckResult With(float found, double tolerance)
        {
            byte[] receive = [.. right];
            BitConverter.GetBytes(found).CopyTo(receive, 8);
            return run.Check(receive, 0, tolerance: tolerance);
        }

        Assert.Equal(0, With(value * 1.0009f, 1e-3).Wrong);
        Assert.Equal(1, With(value * 1.0011f, 1e-3).Wrong);
        Assert.Equal(1, With(MathF.BitIncrement(value), 0).Wrong);
        Assert.Equal(1, With(float.NaN, 1e-3).Wrong);
        Assert.Equal(1, With(float.PositiveInfinity, 1e-3).Wrong);
    }

    [Fact]
    public void A_tolerance_does_not_soften_integers()
    {
        var run = new PatternRun(new AllReduce(), DataType.Int32, Reduction.Sum, 2, 10);
        byte[] receive = run.Receive(0);
        receive[8] ^= 1;
        Assert.Equal(1, run.Check(receive, 0, tolerance: 0.5).Wrong);
    }
}
