using System.Globalization;

namespace Nperf.Core.Liveness;

/// <summary>Where a rank is, as its mark said at one moment.</summary>
internal readonly record struct RankPosition()
{
    /// <summary>As <see cref="WaitsFor"/>.</summary>
    public const int Nobody = -1;

    /// <summary>What it is at.</summary>
    public RankStep Step { get; init; }

    /// <summary>The operation that this is for, or nothing.</summary>
    public string Operation { get; init; } = "";

    /// <summary>Its size in bytes, or 0.</summary>
    public long Bytes { get; init; }

    /// <summary>How many steps it has begun: the same ones in the same order on every rank.</summary>
    public int Number { get; init; }

    /// <summary>Iterations of the batch under way that are done; with NCCL handed to the GPU.</summary>
    public long Iterations { get; init; }

    /// <summary>Counts everything that moves.</summary>
    public long Moves { get; init; }

    /// <summary>Where it waits for the others to come too, or nothing.</summary>
    public string Meeting { get; init; } = "";

    /// <summary>Within an operation: the rank in the world whose data it waits for, or <see cref="Nobody"/>.</summary>
    public int WaitsFor { get; init; } = Nobody;

    /// <summary>How long the rank may be quiet before that means something.</summary>
    public TimeSpan Allowance { get; init; }

    /// <summary>True where it has done its part and waits for the others to come.</summary>
    public bool IsAtMeeting => Meeting.Length > 0;

    /// <summary>True where it is in something that all ranks do together, and that ends only when all have come.</summary>
    public bool IsTogether => !IsAtMeeting
        && Step is RankStep.StartingNccl or RankStep.Studying or RankStep.Verifying or RankStep.WarmingUp or RankStep.Timing;

    /// <summary>True where something moved since <paramref name="earlier"/>.</summary>
    public bool HasMovedSince(in RankPosition earlier) => (Moves, Iterations) != (earlier.Moves, earlier.Iterations);

    /// <summary>What follows "rank 3 is": for example <c>in the warm-up of allreduce of 1024 B, after 3 iterations</c>.</summary>
    public string Describe()
    {
        if (IsAtMeeting) return $"waiting at: {Meeting}";
        string call = Operation.Length == 0 ? "an operation"
            : Bytes == 0 ? Operation
            : string.Create(CultureInfo.InvariantCulture, $"{Operation} of {Bytes} B");
        string what = Step switch
        {
            RankStep.Joining => "joining",
            RankStep.Connecting => "connecting",
            RankStep.TakingGpu => "taking its GPU",
            RankStep.StartingNccl => "in NCCL's initialisation",
            RankStep.Allocating => "allocating buffers",
            RankStep.Studying => $"in the first {call}",
            RankStep.Filling => $"filling buffers for {call}",
            RankStep.Verifying => $"in the verified {call}",
            RankStep.Checking => $"checking the result of {call}",
            RankStep.WarmingUp => $"in the warm-up of {call}",
            RankStep.Timing => $"in the timed loop of {call}",
            RankStep.Exchanging => $"exchanging the times of {call}",
            RankStep.Writing => "writing output",
            RankStep.Releasing => "releasing its buffers and communicator",
            _ => "somewhere",
        };
        if (Iterations > 0 && Step is RankStep.WarmingUp or RankStep.Timing)
            what += string.Create(CultureInfo.InvariantCulture, $", after {Iterations} iteration{(Iterations == 1 ? "" : "s")}");
        return WaitsFor == Nobody ? what : string.Create(CultureInfo.InvariantCulture, $"{what}, waiting for rank {WaitsFor}");
    }
}
