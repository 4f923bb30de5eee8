using System.Buffers.Binary;
using Nperf.Core.Liveness;
using Nperf.Core.Options;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// The part that times transfers between some of the ranks. Who has nothing to do waits, and who is fast waits for who is
/// slow: how often a transfer is repeated follows from the slowest rank, not from rank 0.
/// </summary>
internal sealed partial class RankRun
{
    /// <summary>The warm-up ends with the batch that takes this part of the time that is to be measured.</summary>
    private const double WarmUpPart = 0.1;

    private const long FewestTransfers = 3, MostTransfers = 1_000_000, MostGrowth = 16;

    /// <summary>Measures <paramref name="order"/>: every rank's own times on rank 0, null elsewhere.</summary>
    public PeerTimes? Time(SectionPlan section, PeerOrder order)
    {
        string step = $"{section}, {order.Bytes} B";
        CollectiveCall call = CallFor(section, order.Bytes);
        (_wrong, _firstWrong) = (null, null);
        _loop.Begin();
        _progress?.Begin(order.Bytes, 1);
        if (_options.Verify != VerifyMode.None)
        {
            Enter(RankStep.Verifying, call);
            LineUp(step);
            RunChecked(call);
        }

        Enter(RankStep.WarmingUp, call);
        long iterations = Pace(call, order.Bytes, step);
        Enter(RankStep.Timing, call);
        _progress?.Begin(order.Bytes, iterations);
        Elapsed elapsed = RunBatch(call, SlotLayout.Single, new Batch(BatchKind.Headline, iterations), step);
        Enter(RankStep.Exchanging, call);
        byte[][]? all = _team.ToRankZero(_local, PeerTimes.Pack(elapsed.Own * 1e6 / iterations, _wrong), step);
        return all is null ? null : PeerTimes.Unpack(all);
    }

    /// <summary>How many transfers to time, the same on all ranks; warms up until the pace can be told.</summary>
    private long Pace(in CollectiveCall call, long bytes, string step)
    {
        double seconds = _options.Seconds;
        for (long iterations = 1; ;)
        {
            var batch = new Batch(BatchKind.Omitted, iterations);
            _progress?.Begin(bytes, iterations);
            double slowest = Slowest(RunBatch(call, SlotLayout.Single, batch, step).Own, step);
            if (seconds == 0) return _options.Iterations;
            if (slowest >= seconds * WarmUpPart || iterations == MostTransfers)
                return (long)Math.Clamp(Math.Ceiling(seconds * iterations / slowest), FewestTransfers, MostTransfers);
            double growth = seconds * WarmUpPart / Math.Max(slowest, 1e-9) * 1.5;
            iterations = Math.Min(MostTransfers, iterations * (long)Math.Clamp(growth, 2, MostGrowth));
        }
    }

    /// <summary>The longest of all ranks' <paramref name="seconds"/>, on every rank.</summary>
    private double Slowest(double seconds, string step)
    {
        byte[] bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, seconds);
        byte[][]? all = _team.ToRankZero(_local, bytes, step);
        if (all is not null) BinaryPrimitives.WriteDoubleLittleEndian(bytes, all.Max(one => SecondsIn(one)));
        return SecondsIn(_team.FromRankZero(_local, bytes, step));
    }

    private static double SecondsIn(ReadOnlySpan<byte> bytes)
    {
        double seconds = bytes.Length == sizeof(double) ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : double.NaN;
        return seconds >= 0 && double.IsFinite(seconds)
            ? seconds
            : throw new RunException(FailureKind.Error, "a rank's time cannot be read: are all nperf of one version?");
    }
}
