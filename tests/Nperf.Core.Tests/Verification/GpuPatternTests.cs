using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Tests.Algorithms;
using Nperf.Core.Verification;

namespace Nperf.Core.Tests.Verification;

/// <summary>A pattern on a GPU fills, poisons and checks as that in a computer's own memory.</summary>
public sealed unsafe class GpuPatternTests(GpuPatternTests.SharedGpu shared) : IClassFixture<GpuPatternTests.SharedGpu>
{
    private readonly HostGpu _gpu = shared.Gpu;

    /// <summary>One for all tests, made by the first, so that all skip where there is no compiler.</summary>
    public sealed class SharedGpu : IDisposable
    {
        private HostGpu? _gpu;

        internal HostGpu Gpu => _gpu ??= new HostGpu();

        public void Dispose() => _gpu?.Dispose();
    }

    public static TheoryData<string, DataType> Cases()
    {
        var data = new TheoryData<string, DataType>();
        foreach (Collective collective in Operations.All.Where(one => one.HasData))
        {
            foreach (DataType type in DataTypes.All)
                data.Add(collective.Name, type);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fills_and_results_of_checks_are_those_of_the_processor(string name, DataType type)
    {
        Collective collective = Operations.Find(name)!;
        var random = new Random(21);
        foreach (Reduction reduction in collective.Reduces ? Reductions.All : [Reduction.Sum])
        {
            foreach (int worldSize in (int[])[1, 2, 5])
            {
                GpuPattern pattern = Pattern(collective, type, reduction, worldSize);
                for (long seed = 249; seed <= 252; seed++)
                {
                    int count = random.Next(1, 200), root = worldSize - 1, rank = random.Next(worldSize);
                    var run = new PatternRun(collective, type, reduction, worldSize, count, seed, root);
                    AssertFills(pattern, run.Fill(rank, seed), type, rank, seed);

                    Segment[] segments = [.. collective.Expected(count, worldSize, rank, root)];
                    byte[] receive = run.Receive(rank);
                    Assert.Equal(default, Check(pattern, receive, type, segments, seed, 0));
                    if (receive.Length == 0)
                        continue;
                    for (int error = 0; error < 5; error++)
                    {
                        receive[random.Next(receive.Length)] ^= (byte)(1 << random.Next(8));
                        foreach (double tolerance in (double[])[0, 0.01, 0.3])
                        {
                            Assert.Equal(
                                run.Check(receive, rank, seed, tolerance),
                                Check(pattern, receive, type, segments, seed, tolerance));
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void A_buffer_longer_than_all_threads_reach_at_once_is_filled_and_checked_to_the_end()
    {
        const int count = 40_000_000;
        GpuPattern pattern = Pattern(new SendRecv(), DataType.UInt8, Reduction.Sum, 2);
        using var buffer = new GuardedBuffer(count);
        using var expected = new GuardedBuffer(count);
        pattern.Fill((nint)buffer.Data, count, 1, 3);
        _gpu.Cuda.Synchronize(HostGpu.Stream);
        new TestPattern(new SendRecv(), DataType.UInt8, Reduction.Sum, 2).Fill((nint)expected.Data, count, 1, 3);
        Assert.True(buffer.Bytes.SequenceEqual(expected.Bytes));

        buffer.Bytes[^1] ^= 1;
        buffer.Bytes[count / 2] ^= 1;
        CheckResult result = pattern.Check((nint)buffer.Data, [new Segment(0, count, 1, 0)], 3, 0);
        Assert.Equal((2, count / 2), (result.Wrong, result.First!.Index));
    }

    [Fact]
    public void Poison_fills_exactly_the_bytes_given_and_each_is_named_as_not_written()
    {
        GpuPattern pattern = Pattern(new SendRecv(), DataType.Float16, Reduction.Sum, 2);
        byte[] buffer = new byte[100];
        fixed (byte* data = buffer)
        {
            pattern.Poison((nint)data + 2, 90);
            pattern.Poison((nint)data, 0);
            _gpu.Cuda.Synchronize(HostGpu.Stream);
            Assert.Equal([.. new byte[2], .. Enumerable.Repeat((byte)0xFF, 90), .. new byte[8]], buffer);
            CheckResult result = pattern.Check((nint)data, [new Segment(1, 45, 1, 0)], 3, 0.5);
            Assert.Equal((45, 1, "NaN (0xffff, not written)"), (result.Wrong, result.First!.Index, result.First.Found));
        }
    }

    [Fact]
    public void A_table_is_copied_to_the_GPU_once_whatever_the_iteration()
    {
        GpuPattern pattern = Pattern(new AllReduce(), DataType.Float32, Reduction.Sum, 3);
        using var buffer = new GuardedBuffer(4000);
        int before = _gpu.Uploads;
        for (long seed = 0; seed < 20; seed++)
        {
            pattern.Fill((nint)buffer.Data, 1000, 2, seed);
            pattern.Check((nint)buffer.Data, [new Segment(0, 1000, Segment.AllRanks, 0)], seed, 0);
        }

        Assert.Equal(2, _gpu.Uploads - before);
    }

    [Fact]
    public void Two_patterns_of_one_GPU_do_not_disturb_what_either_has_enqueued()
    {
        GpuPattern small = Pattern(new SendRecv(), DataType.UInt8, Reduction.Sum, 2);
        GpuPattern large = Pattern(new SendRecv(), DataType.Float64, Reduction.Sum, 300);
        for (long seed = 0; seed < 3; seed++)
        {
            using GuardedBuffer bytes = new(1000), doubles = new(8000);
            small.Fill((nint)bytes.Data, 1000, 1, seed);
            large.Fill((nint)doubles.Data, 1000, 1, seed);
            _gpu.Cuda.Synchronize(HostGpu.Stream);
            Assert.True(bytes.Bytes.SequenceEqual(Expected(DataType.UInt8, 2, seed)));
            Assert.True(doubles.Bytes.SequenceEqual(Expected(DataType.Float64, 300, seed)));
        }

        static byte[] Expected(DataType type, int worldSize, long seed) =>
            new PatternRun(new SendRecv(), type, Reduction.Sum, worldSize, 1000, seed).Fill(1, seed);
    }

    [Fact]
    public void A_check_of_nothing_finds_nothing()
    {
        GpuPattern pattern = Pattern(new SendRecv(), DataType.UInt8, Reduction.Sum, 2);
        pattern.Fill(0, 0, 1, 1);
        Assert.Equal(default, pattern.Check(0, [], 1, 0));
        Assert.Equal(default, pattern.Check(0, [new Segment(0, 0, 1, 0)], 1, 0));
    }

    private void AssertFills(GpuPattern pattern, byte[] expected, DataType type, int rank, long seed)
    {
        int size = type.Size();
        using var send = new GuardedBuffer(size + expected.Length);
        send.Bytes.Clear();
        pattern.Fill((nint)send.Data + size, expected.Length / size, rank, seed);
        _gpu.Cuda.Synchronize(HostGpu.Stream);
        Assert.True(send.GuardsAreWhole);
        Assert.False(send.Bytes[..size].ContainsAnyExcept((byte)0));
        Assert.True(send.Bytes[size..].SequenceEqual(expected), $"rank {rank}, seed {seed}");
    }

    private static CheckResult Check(
        GpuPattern pattern, byte[] receive, DataType type, Segment[] segments, long seed, double tolerance)
    {
        using var buffer = new GuardedBuffer(type.Size() + receive.Length);
        receive.CopyTo(buffer.Bytes[type.Size()..]);
        return pattern.Check((nint)buffer.Data + type.Size(), segments, seed, tolerance);
    }

    private GpuPattern Pattern(Collective collective, DataType type, Reduction reduction, int worldSize) =>
        new(_gpu.Kernels, HostGpu.Stream, collective, type, reduction, worldSize);
}
