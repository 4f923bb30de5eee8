namespace Nperf.Core.Verification;

/// <summary>
/// The fixed sequence that makes an element's value depend on its place: x(0) = 0, x(1) = 1,
/// x(j+2) = (7 x(j+1) + 58 x(j)) mod 251.
/// </summary>
/// <remarks>
/// The polynomial x² - 7x - 58 is primitive over the field of 251 elements, so the sequence has the longest period,
/// 251² - 1 = 63000, and in it every pair of neighbours occurs once: two neighbours tell the place. It is cut at the
/// largest prime below the period, which no size of a block or a chunk is a multiple of by accident.
/// </remarks>
internal static class PositionSequence
{
    /// <summary>The number of different values; a prime.</summary>
    public const int Values = 251;

    /// <summary>The number of elements after which the pattern repeats; a prime.</summary>
    public const int Length = 62989;

    private static readonly byte[] Sequence = Build();

    /// <summary>x(0) to x(Length - 1).</summary>
    public static ReadOnlySpan<byte> Elements => Sequence;

    private static byte[] Build()
    {
        var sequence = new byte[Length];
        sequence[1] = 1;
        for (int j = 2; j < Length; j++)
            sequence[j] = (byte)(((7 * sequence[j - 1]) + (58 * sequence[j - 2])) % Values);
        return sequence;
    }
}
