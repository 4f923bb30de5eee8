namespace Nperf.Core.Data;

/// <summary>
/// What tells one 8-bit floating-point format of the Open Compute Project from the other. Both are a sign, an exponent
/// biased by half its range, and a mantissa.
/// </summary>
internal interface IFloat8
{
    /// <summary>The bits of the mantissa, without the leading one.</summary>
    static abstract int MantissaBits { get; }

    /// <summary>The bits of the largest finite number; above it are NaNs and, where its mantissa is 0, infinity.</summary>
    static abstract byte Largest { get; }
}

/// <summary>4 bits of exponent, no infinity, one NaN of either sign: up to 448.</summary>
internal readonly struct Float8E4M3 : IFloat8
{
    public static int MantissaBits => 3;

    public static byte Largest => 0x7E;
}

/// <summary>5 bits of exponent, infinities and NaNs as in binary16: up to 57344.</summary>
internal readonly struct Float8E5M2 : IFloat8
{
    public static int MantissaBits => 2;

    public static byte Largest => 0x7B;
}

/// <summary>Elements of an 8-bit floating-point format as their bits.</summary>
internal static class Float8<TFormat> where TFormat : struct, IFloat8
{
    private const byte NaN = 0x7F;
    private const int SignBit = 0x80;

    /// <summary>The exponent of the smallest normal number. Beside the mantissa and the sign, all bits are exponent.</summary>
    private static int LowestExponent => 2 - (1 << (6 - TFormat.MantissaBits));

    /// <summary>The same value.</summary>
    public static float ToSingle(byte bits)
    {
        int magnitude = bits & ~SignBit, leadingOne = 1 << TFormat.MantissaBits;
        int mantissa = magnitude & (leadingOne - 1), exponent = magnitude >> TFormat.MantissaBits;
        float value = magnitude > TFormat.Largest
            ? mantissa == 0 ? float.PositiveInfinity : float.NaN
            : MathF.ScaleB(
                exponent == 0 ? mantissa : leadingOne + mantissa,
                LowestExponent + Math.Max(0, exponent - 1) - TFormat.MantissaBits);
        return (bits & SignBit) == 0 ? value : -value;
    }

    /// <summary>
    /// The nearest finite number, ties to even, as NVIDIA's conversions do: what is too large, infinity too, becomes the
    /// largest. A NaN stays a NaN.
    /// </summary>
    public static byte FromSingle(float value)
    {
        if (float.IsNaN(value))
            return NaN;
        float magnitude = MathF.Abs(value);
        int sign = float.IsNegative(value) ? SignBit : 0;
        if (magnitude >= ToSingle(TFormat.Largest))
            return (byte)(sign | TFormat.Largest);
        if (magnitude == 0)
            return (byte)sign;
        // In units of the last bit; the leading one (or a carry out of the rounding) adds itself to the exponent.
        int exponent = Math.Max(LowestExponent, MathF.ILogB(magnitude));
        int units = (int)MathF.Round(
            MathF.ScaleB(magnitude, TFormat.MantissaBits - exponent), MidpointRounding.ToEven);
        return (byte)(sign | (((exponent - LowestExponent) << TFormat.MantissaBits) + units));
    }
}
