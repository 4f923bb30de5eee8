using System.Numerics;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Tests.Kernels;

namespace Nperf.Core.Tests.Verification;

/// <summary>What a collective does, in whole numbers and with every rank's buffer at hand.</summary>
internal static class NaiveCollective
{
    /// <summary>
    /// The receive buffer of <paramref name="rank"/>; sends are every rank's buffer, as the pattern's integers.
    /// </summary>
    public static byte[] Receive(
        Collective collective, DataType type, Reduction reduction, long[][] sends, int count, int rank, int root)
    {
        int n = sends.Length;
        long[] Block(int source, int number) => sends[source][(number * count)..((number + 1) * count)];
        long[] Blocks(Func<int, long[]> block) => [.. Enumerable.Range(0, n).SelectMany(block)];
        byte[] Copied(IEnumerable<long> values) => Bytes(type, values);
        byte[] Reduced(int block) => [.. Enumerable.Range(block * count, count)
            .SelectMany(i => Reduce(type, reduction, [.. sends.Select(send => send[i])]))];

        return collective.Name switch
        {
            "allreduce" => Reduced(0),
            "reduce" => rank == root ? Reduced(0) : [],
            "reducescatter" => Reduced(rank),
            "broadcast" => Copied(sends[root]),
            "allgather" or "hypercube" => Copied(Blocks(source => sends[source])),
            "gather" => rank == root ? Copied(Blocks(source => sends[source])) : [],
            "alltoall" => Copied(Blocks(source => Block(source, rank))),
            "alltoallv" => Copied(Blocks(source => Uneven(((AllToAllV)collective).Traffic, sends, count, source, rank))),
            "scatter" => Copied(Block(root, rank)),
            "sendrecv" => Copied(sends[(rank + n - 1) % n]),
            "barrier" => [],
            _ => throw new ArgumentOutOfRangeException(nameof(collective), collective.Name, "unknown"),
        };
    }

    /// <summary>What <paramref name="source"/> sends to <paramref name="rank"/>, behind what it sends to the ranks before.</summary>
    private static long[] Uneven(Traffic traffic, long[][] sends, int count, int source, int rank)
    {
        int[] blocks = [.. sends.Select((_, to) => (int)traffic.Count(source, to, count, sends.Length))];
        int start = blocks.Take(rank).Sum();
        return sends[source][start..(start + blocks[rank])];
    }

    /// <summary>The bytes of the reduction of one element; fails where the order of the ranks could matter.</summary>
    public static byte[] Reduce(DataType type, Reduction reduction, IReadOnlyCollection<long> values)
    {
        long smallest = reduction is Reduction.Sum or Reduction.Avg ? 0 : 1;
        Assert.True(values.Min() >= smallest && values.Max() <= Exact(type), $"{type} {reduction}: out of range");
        BigInteger total = reduction switch
        {
            Reduction.Prod => values.Aggregate(BigInteger.One, (product, value) => product * value),
            Reduction.Min => values.Min(),
            Reduction.Max => values.Max(),
            _ => values.Aggregate(BigInteger.Zero, (sum, value) => sum + value),
        };
        // Nothing is negative (or, in a product, zero), so no partial result is above the whole: all are exact.
        Assert.True(total <= Exact(type), $"{type} {reduction} of {values.Count}: {total} is not exact");
        if (reduction != Reduction.Avg)
            return Bytes(type, [(long)total]);
        return type.IsFloatingPoint()
            ? Bytes(type, (double)total / values.Count)
            : Bytes(type, [(long)(total / values.Count)]);
    }

    /// <summary>The elements of a buffer that holds whole numbers.</summary>
    public static long[] Values(DataType type, byte[] buffer)
    {
        int size = type.Size();
        long[] values = new long[buffer.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> element = buffer.AsSpan(i * size, size);
            double value = type switch
            {
                DataType.Int8 => (sbyte)element[0],
                DataType.UInt8 => element[0],
                DataType.Int32 => BitConverter.ToInt32(element),
                DataType.UInt32 => BitConverter.ToUInt32(element),
                DataType.Int64 => BitConverter.ToInt64(element),
                DataType.UInt64 => BitConverter.ToUInt64(element),
                DataType.Float16 => (double)BitConverter.ToHalf(element),
                DataType.Float32 => BitConverter.ToSingle(element),
                DataType.Float64 => BitConverter.ToDouble(element),
                DataType.Float8E4M3 or DataType.Float8E5M2 => ScalarFloat8.ToDouble(type, element[0]),
                _ => BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(element) << 16),
            };
            if (Math.Truncate(value) != value)
                Assert.Fail($"{value} is no whole number");
            values[i] = (long)value;
        }

        return values;
    }

    private static byte[] Bytes(DataType type, IEnumerable<long> values) =>
        [.. values.SelectMany(value => type switch
        {
            DataType.Int8 or DataType.UInt8 => [(byte)value],
            DataType.Int32 or DataType.UInt32 => BitConverter.GetBytes((uint)value),
            DataType.Int64 or DataType.UInt64 => BitConverter.GetBytes(value),
            _ => Bytes(type, (double)value),
        })];

    private static byte[] Bytes(DataType type, double value) => type switch
    {
        DataType.Float16 => BitConverter.GetBytes((Half)value),
        DataType.Float32 => BitConverter.GetBytes((float)value),
        DataType.Float64 => BitConverter.GetBytes(value),
        DataType.Float8E4M3 or DataType.Float8E5M2 => [ScalarFloat8.FromDouble(type, value)],
        _ => BitConverter.GetBytes(ToBFloat16((float)value)),
    };

    /// <summary>Rounds a positive number to 8 significant bits, ties to even.</summary>
    private static ushort ToBFloat16(float value)
    {
        double unit = Math.ScaleB(1, Math.ILogB(value) - 7);
        float rounded = (float)(Math.Round(value / unit, MidpointRounding.ToEven) * unit);
        return (ushort)(BitConverter.SingleToUInt32Bits(rounded) >> 16);
    }

    /// <summary>The largest integer up to which all are exact.</summary>
    private static long Exact(DataType type) => type switch
    {
        DataType.Int8 => sbyte.MaxValue,
        DataType.UInt8 => byte.MaxValue,
        DataType.Int32 => int.MaxValue,
        DataType.UInt32 => uint.MaxValue,
        DataType.Float8E5M2 => 1 << 3,
        DataType.Float8E4M3 => 1 << 4,
        DataType.Float16 => 1 << 11,
        DataType.BFloat16 => 1 << 8,
        DataType.Float32 => 1 << 24,
        _ => 1L << 53,
    };
}
