namespace Nperf.Core.Benchmarking;

/// <summary>How long operations took.</summary>
/// <param name="Operations">How many.</param>
/// <param name="Own">Until this rank was done with them, seconds.</param>
/// <param name="Complete">Until every rank was, where ranks may be done long before each other, seconds.</param>
/// <param name="Enqueue">Until this rank's processor had handed them over, seconds; where it carries them out itself, as <paramref name="Own"/>.</param>
internal readonly record struct Elapsed(long Operations, double Own, double Complete, double Enqueue)
{
    public Elapsed Plus(Elapsed other) =>
        new(Operations + other.Operations, Own + other.Own, Complete + other.Complete, Enqueue + other.Enqueue);
}
