using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>Turns what a library says into the end of the run, with the rank and the GPU it happened on.</summary>
internal sealed record RankPlace(int Rank, string Host, string GpuName)
{
    /// <summary>For people: <c>rank 1 (node1, GPU 1)</c>.</summary>
    public override string ToString() => $"rank {Rank} ({Host}, {GpuName})";

    /// <summary>What <paramref name="cause"/> says, here.</summary>
    public RunException Failed(LibraryException cause, string? step = null) =>
        Failed(FailureKind.Error, cause.Message, step, cause);

    /// <summary>A failure here.</summary>
    public RunException Failed(FailureKind kind, string message, string? step = null, Exception? cause = null) =>
        new(new Failure(kind, $"{this}: {message}") { Rank = Rank, Host = Host, Step = step }, cause);
}
