using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;

namespace Nperf.Core.Verification;

/// <summary>
/// The tables behind a <see cref="TestPattern"/>: in(r, a), the value that rank r holds where the pattern's index is a,
/// and out(a), the reduction of that over all ranks. <see cref="TestPattern"/> gives the formulas.
/// </summary>
internal sealed unsafe class PatternValues
{
    private const int Indices = PositionSequence.Values;
    private const int StridesTried = 128;

    private readonly DataType _type;
    private readonly Reduction? _reduction;
    private readonly int _worldSize;
    private readonly long _largest;
    private readonly long _rankStride;

    // For each index what all ranks' values come to before an average is divided, and the bits of the result.
    private readonly long[] _totals = new long[Indices];
    private readonly ulong[] _results = new ulong[Indices];

    /// <param name="type">The element type.</param>
    /// <param name="reduction">The reduction, or null for a collective without one.</param>
    /// <param name="worldSize">The number of ranks.</param>
    public PatternValues(DataType type, Reduction? reduction, int worldSize)
    {
        _type = type;
        _reduction = reduction;
        _worldSize = worldSize;
        _largest = Largest(type);
        _rankStride = GoldenStride(_largest);
        if (reduction is not null)
            ChooseTotals();
    }

    /// <summary>The bits of in(<paramref name="source"/>, <paramref name="index"/>), or of out for all ranks.</summary>
    public ulong Bits(int source, int index) =>
        source == Segment.AllRanks ? _results[index] : ElementBits.FromInteger(_type, Input(source, index));

    /// <summary>
    /// The largest value used: a prime, so that lines modulo it do not meet, with every integer up to it exact in the
    /// type, and below all bits set.
    /// </summary>
    private static long Largest(DataType type) => type switch
    {
        DataType.Float8E5M2 => 7,
        DataType.Float8E4M3 => 13,
        DataType.Int8 => 127,
        DataType.UInt8 or DataType.BFloat16 => 251,
        DataType.Float16 => 2039,
        DataType.Float32 => 16777213,
        _ => 2147483647,
    };

    private static long GoldenStride(long modulus) => Math.Max(1, (long)(modulus * 0.6180339887));

    private long Input(int rank, int index)
    {
        if (_reduction is null)
        {
            // A line for each rank, of its own intercept, or from rank `largest` on of another slope (not 0). Where
            // these are used up, the indices are taken in another order; a step of 1, and that from the last to the
            // first, are then still no multiple of `largest`.
            long slope = _rankStride * (1 + (rank / _largest % (_largest - 1))) % _largest;
            long orders = 1 + ((Indices - 2) / _largest);
            long order = 1 + (_largest * (rank / (_largest * (_largest - 1)) % orders));
            return 1 + (((_rankStride * (rank % _largest)) + (slope * (order * index % Indices))) % _largest);
        }

        long total = _totals[index];
        int first = (int)((long)index * _worldSize / Indices);
        int turn = rank >= first ? rank - first : rank - first + _worldSize;
        switch (_reduction)
        {
            case Reduction.Prod:
                return ProductShare(total, turn);
            // One rank alone decides, where there are values beyond its own.
            case Reduction.Min:
                return turn == 0 || total == _largest ? total : total + 1 + (Mix(rank, index) % (_largest - total));
            case Reduction.Max:
                return turn == 0 || total == 1 ? total : 1 + (Mix(rank, index) % (total - 1));
            default:
                long half = total / 2;
                long share = (total - half + _worldSize - 1 - turn) / _worldSize;
                return turn == index % _worldSize ? share + half : share;
        }
    }

    /// <summary>
    /// The product of every <c>worldSize</c>-th prime factor, from the <paramref name="turn"/>-th on.
    /// </summary>
    private long ProductShare(long total, int turn)
    {
        long share = 1;
        int position = 0;
        foreach (int prime in (ReadOnlySpan<int>)[2, 3, 5, 7])
        {
            for (; total % prime == 0; total /= prime, position++)
            {
                if (position % _worldSize == turn)
                    share *= prime;
            }
        }

        return share;
    }

    private static long Mix(int rank, int index) =>
        (((uint)(rank + 1) * 2654435761u) ^ ((uint)index * 2246822519u)) >> 1;

    /// <summary>
    /// Takes the first stride through all possible totals for which a change of the index by one always changes the
    /// result; where there is none (an average has too few values), the one with the fewest exceptions.
    /// </summary>
    private void ChooseTotals()
    {
        long[]? products = _reduction == Reduction.Prod ? Products(Math.Min(_largest, 1 << 20)) : null;
        long choices = products?.Length ?? _largest;
        // Else no stride would change the total from the last index to the first.
        if ((Indices - 1) % choices == 0)
            choices--;
        long best = 0;
        int fewest = int.MaxValue;
        for (int attempt = 0; attempt < StridesTried && fewest > 0; attempt++)
        {
            long stride = (GoldenStride(choices) + attempt) % choices;
            if (CommonDivisor(stride, choices) != 1)
                continue;
            SetTotals(stride, choices, products);
            int unchanged = UnchangedResults();
            if (unchanged < fewest)
                (fewest, best) = (unchanged, stride);
        }

        SetTotals(best, choices, products);
    }

    private static long CommonDivisor(long a, long b) => b == 0 ? a : CommonDivisor(b, a % b);

    private void SetTotals(long stride, long choices, long[]? products)
    {
        int size = _type.Size();
        ulong* element = stackalloc ulong[1];
        for (int index = 0; index < Indices; index++)
        {
            long choice = stride * index % choices;
            _totals[index] = products is null ? 1 + choice : products[choice];
            // Little-endian: the element's bytes are the lowest, and those above it are 0 and stay so.
            *element = ElementBits.FromInteger(_type, _totals[index]);
            if (_reduction == Reduction.Avg)
                ReductionKernels.Divide(_type, (byte*)element, 1, _worldSize);
            _results[index] = *element;
        }
    }

    private int UnchangedResults()
    {
        int unchanged = 0;
        for (int index = 0; index < Indices; index++)
            unchanged += _results[index] == _results[(index + 1) % Indices] ? 1 : 0;
        return unchanged;
    }

    /// <summary>The numbers from 2 to <paramref name="largest"/> that have no prime factor above 7, in order.</summary>
    private static long[] Products(long largest)
    {
        List<long> products = [1];
        foreach (int prime in (ReadOnlySpan<int>)[2, 3, 5, 7])
        {
            for (int i = 0; i < products.Count; i++)
            {
                if (products[i] * prime <= largest)
                    products.Add(products[i] * prime);
            }
        }

        products.Sort();
        return [.. products.Skip(1)];
    }
}
