using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Tests.Algorithms;
using Nperf.Core.Verification;

namespace Nperf.Core.Tests.Verification;

/// <summary>The GPU's kernels, run on the processor, do what <see cref="TestPattern"/> does.</summary>
public sealed unsafe class PatternKernelTests(HostKernels kernels) : IClassFixture<HostKernels>
{
    private const int Period = PositionSequence.Length;

    /// <summary>The elements after which a thread's next vector comes, where there are few threads.</summary>
    private static int Step(DataType type) => Period * 16 / type.Size();

    public static TheoryData<DataType, Reduction?> Combinations()
    {
        var data = new TheoryData<DataType, Reduction?>();
        foreach (DataType type in DataTypes.All)
        {
            data.Add(type, null);
            foreach (Reduction reduction in Reductions.All)
                data.Add(type, reduction);
        }

        return data;
    }

    public static TheoryData<DataType> Types() => [.. DataTypes.All];

    [Theory]
    [MemberData(nameof(Combinations))]
    public void A_fill_is_that_of_the_processor_bit_for_bit_at_any_alignment(DataType type, Reduction? reduction)
    {
        int size = type.Size();
        foreach (int worldSize in (int[])[1, 3, 16])
        {
            var values = new PatternValues(type, reduction, worldSize);
            TestPattern pattern = Pattern(type, reduction, worldSize);
            foreach (int count in (int[])[0, 1, 2, 3, 15, 16, 17, 33, 250, 251, 252, 1001])
            {
                for (int offset = 0; offset < 16; offset += size)
                {
                    foreach (long seed in (long[])[0, 7, 250, 251, 100_000_000_007])
                    {
                        int rank = worldSize - 1;
                        using var expected = new GuardedBuffer(count * size);
                        using var found = new GuardedBuffer(offset + (count * size));
                        pattern.Fill((nint)expected.Data, count, rank, seed);
                        kernels.Fill(found.Data + offset, count, type, values, rank, seed, 0, 2, 16);
                        Assert.True(expected.Bytes.SequenceEqual(found.Bytes[offset..]), $"{count} from {offset}");
                        Assert.True(found.GuardsAreWhole);
                        Assert.False(found.Bytes[..offset].ContainsAnyExcept((byte)0xA5));
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Any_number_of_threads_fills_and_checks_everything_from_any_start(DataType type)
    {
        int size = type.Size(), rank = 1;
        long seed = 3;
        var values = new PatternValues(type, null, 2);
        TestPattern pattern = Pattern(type, null, 2);
        // Up to five steps of a thread, so one batch and a beginning of the next.
        long longest = (5L * Step(type)) + 12345;
        using var expected = new GuardedBuffer((longest + Period) * size);
        pattern.Fill((nint)expected.Data, longest + Period, rank, seed);
        foreach ((uint blocks, uint threads) in ((uint, uint)[])[(1, 1), (3, 96), (247, 256), (493, 256)])
        {
            foreach (int start in (int[])[0, 1, Period - 1])
            {
                foreach (long count in (long[])[longest, Step(type) - 1, Period + 1])
                {
                    using var found = new GuardedBuffer((count + 1) * size);
                    byte* to = found.Data + size;
                    kernels.Fill(to, count, type, values, rank, seed, start, blocks, threads);
                    Assert.True(found.GuardsAreWhole);
                    Assert.True(
                        found.Bytes[size..].SequenceEqual(expected.Bytes.Slice(start * size, (int)count * size)));
                    Assert.Equal(
                        (0ul, ulong.MaxValue),
                        kernels.Check(to, count, type, values, rank, seed, start, 5, 0, blocks, threads));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_check_counts_exactly_the_planted_errors_and_finds_the_first(DataType type)
    {
        int size = type.Size();
        long seed = 3;
        var values = new PatternValues(type, Reduction.Sum, 2);
        var random = new Random(11);
        foreach (int count in (int[])[1, 2, 17, 1000, (5 * Step(type)) + 77])
        {
            foreach (int offset in (int[])[0, size, 16 - size])
            {
                using var buffer = new GuardedBuffer(offset + (count * size));
                byte* data = buffer.Data + offset;
                kernels.Fill(data, count, type, values, Segment.AllRanks, seed, 5, 247, 256);
                var planted = new SortedSet<int> { 0, count - 1, count / 2 };
                for (int i = 0; i < 40; i++)
                    planted.Add(random.Next(count));
                while (planted.Count > 0)
                {
                    foreach (int index in planted)
                        data[(index * size) + random.Next(size)] ^= (byte)(1 << random.Next(8));
                    Assert.Equal(
                        ((ulong)planted.Count, 1000ul + (ulong)planted.Min),
                        kernels.Check(
                            data, count, type, values, Segment.AllRanks, seed, 5, 1000, 0, 247, 256));
                    kernels.Fill(data, count, type, values, Segment.AllRanks, seed, 5, 247, 256);
                    foreach (int index in planted.Take((planted.Count / 2) + 1).ToArray())
                        planted.Remove(index);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_poisoned_buffer_is_wrong_in_every_element(DataType type)
    {
        const int count = 70_000;
        using var buffer = new GuardedBuffer(count * type.Size());
        buffer.Bytes.Fill(0xFF);
        var values = new PatternValues(type, Reduction.Avg, 2);
        foreach (double tolerance in (double[])[0, 0.5])
        {
            Assert.Equal(
                ((ulong)count, 7ul),
                kernels.Check(buffer.Data, count, type, values, Segment.AllRanks, 1, 0, 7, tolerance, 10, 256));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_tolerance_is_the_processors_for_every_value_an_element_can_have(DataType type)
    {
        // Random bits and small changes of what is right: infinities, NaNs, subnormal numbers and near misses.
        int size = type.Size();
        const int count = 20_000;
        var random = new Random(12);
        var values = new PatternValues(type, Reduction.Avg, 3);
        TestPattern pattern = Pattern(type, Reduction.Avg, 3);
        using var buffer = new GuardedBuffer(count * size);
        foreach (double tolerance in (double[])[0, 1e-7, 1e-3, 0.07, 0.13, 0.5, 2, 1e300, double.PositiveInfinity])
        {
            kernels.Fill(buffer.Data, count, type, values, Segment.AllRanks, 9, 0, 40, 256);
            for (int index = 0; index < count; index++)
            {
                Span<byte> element = buffer.Bytes.Slice(index * size, size);
                if (index % 3 == 0)
                    random.NextBytes(element);
                else if (index % 3 == 1)
                    element[0] ^= (byte)(1 << random.Next(4));
            }

            CheckResult expected = pattern.Check(
                (nint)buffer.Data, [new Segment(0, count, Segment.AllRanks, 0)], 9, tolerance);
            Assert.Equal(
                ((ulong)expected.Wrong, (ulong)expected.First!.Index),
                kernels.Check(
                    buffer.Data, count, type, values, Segment.AllRanks, 9, 0, 0, tolerance, 40, 256));
        }
    }

    private static TestPattern Pattern(DataType type, Reduction? reduction, int worldSize) => new(
        reduction is null ? new SendRecv() : new AllReduce(), type, reduction ?? Reduction.Sum, worldSize);
}
