namespace Nperf.Core.Results;

/// <summary>How well the time of a size is known (<c>--precision</c>).</summary>
/// <param name="Wanted">What was asked for, as a part of the time (0.01 is 1 %).</param>
/// <param name="Reached">
/// Half the width of the confidence interval (95 %) of the time, as a part of it; null where there was but one batch.
/// </param>
/// <param name="Batches">Batches of iterations that it is from.</param>
public sealed record PrecisionSection(double Wanted, double? Reached, int Batches)
{
    /// <summary>True where it is as narrow as was asked for.</summary>
    internal bool IsReached => Reached <= Wanted;
}
