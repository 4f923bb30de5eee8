using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.NcclBackend;
using Nperf.Core.Verification;

namespace Nperf.Core.Tests.NcclBackend;

/// <summary>NCCL's averages of the test pattern, computed as NCCL does: each value times 1/n, then the sum, each rounded.</summary>
public sealed class NcclAverageTests
{
    private const int Count = 2000;

    private static readonly Collective AllReduce = Operations.Find("allreduce")!;

    public static TheoryData<DataType, int> TypesAndWorlds()
    {
        var data = new TheoryData<DataType, int>();
        foreach (DataType type in DataTypes.All.Where(type => type.IsFloatingPoint()))
            foreach (int ranks in new[] { 2, 3, 4, 5, 6, 7, 8 }) data.Add(type, ranks);
        return data;
    }

    [Theory]
    [MemberData(nameof(TypesAndWorlds))]
    public unsafe void Every_order_of_the_sum_lies_within_the_bound(DataType type, int ranks)
    {
        var pattern = new TestPattern(AllReduce, type, Reduction.Avg, ranks);
        double tolerance = NcclAverage.Tolerance(type, ranks);
        byte[] buffer = new byte[Count * type.Size()], result = new byte[Count * type.Size()];
        double[][] values = [.. Enumerable.Range(0, ranks).Select(rank =>
        {
            fixed (byte* start = buffer) pattern.Fill((nint)start, Count, rank, seed: 5);
            return Enumerable.Range(0, Count).Select(i => ElementBits.ToDouble(type, Bits(buffer, type, i))).ToArray();
        })];

        for (int first = 0; first < ranks; first++)
        {
            int[] order = [.. Enumerable.Range(0, ranks).Select(i => (first + i) % ranks)];
            foreach (Func<double[], double> sum in new Func<double[], double>[] { one => Chain(type, one), one => Tree(type, one) })
            {
                for (int i = 0; i < Count; i++)
                {
                    double share = Round(type, 1.0 / ranks);
                    double average = sum([.. order.Select(rank => Round(type, values[rank][i] * share))]);
                    Store(result, type, i, average);
                }

                fixed (byte* start = result)
                {
                    CheckResult check = pattern.Check(
                        (nint)start, AllReduce.Expected(Count, ranks, rank: 0, root: 0), seed: 5, tolerance);
                    Assert.Equal(default, check);
                }
            }
        }
    }

    [Fact]
    public void Powers_of_two_and_integers_are_compared_bit_for_bit()
    {
        Assert.All(DataTypes.All, type => Assert.All([1, 2, 8, 64, 512], ranks => Assert.Equal(0, NcclAverage.Tolerance(type, ranks))));
        Assert.Equal(0, NcclAverage.Tolerance(DataType.Int32, 7));

        // 1/1024 is no number of this type any more.
        Assert.True(NcclAverage.Tolerance(DataType.Float8E4M3, 1024) > 1);
    }

    [Fact]
    public void The_bound_is_no_wider_than_the_roundings()
    {
        Assert.InRange(NcclAverage.Tolerance(DataType.Float64, 3), 5e-16, 6e-16);
        Assert.InRange(NcclAverage.Tolerance(DataType.Float32, 7), 5e-7, 6e-7);
        Assert.InRange(NcclAverage.Tolerance(DataType.Float16, 3), 2.4e-3, 2.5e-3);
        Assert.InRange(NcclAverage.Tolerance(DataType.BFloat16, 7), 0.035, 0.036);
        Assert.InRange(NcclAverage.Tolerance(DataType.Float8E4M3, 3), 0.3, 0.4);
    }

    private static double Chain(DataType type, double[] values) => values.Aggregate((sum, value) => Round(type, sum + value));

    private static double Tree(DataType type, double[] values) => values.Length == 1
        ? values[0]
        : Round(type, Tree(type, values[..(values.Length / 2)]) + Tree(type, values[(values.Length / 2)..]));

    private static ulong Bits(byte[] buffer, DataType type, int index)
    {
        ulong bits = 0;
        for (int i = type.Size() - 1; i >= 0; i--) bits = (bits << 8) | buffer[(index * type.Size()) + i];
        return bits;
    }

    private static void Store(byte[] buffer, DataType type, int index, double value)
    {
        ulong bits = Encode(type, value);
        for (int i = 0; i < type.Size(); i++) buffer[(index * type.Size()) + i] = (byte)(bits >> (8 * i));
    }

    private static double Round(DataType type, double value) => ElementBits.ToDouble(type, Encode(type, value));

    private static ulong Encode(DataType type, double value) => type switch
    {
        DataType.Float16 => BitConverter.HalfToUInt16Bits((Half)value),
        DataType.BFloat16 => BFloat16.FromSingle((float)value).Bits,
        // In binary16 first, as NCCL's kernels do.
        DataType.Float8E4M3 => Float8<Float8E4M3>.FromSingle((float)(Half)value),
        DataType.Float8E5M2 => Float8<Float8E5M2>.FromSingle((float)(Half)value),
        DataType.Float32 => BitConverter.SingleToUInt32Bits((float)value),
        _ => BitConverter.DoubleToUInt64Bits(value),
    };
}
