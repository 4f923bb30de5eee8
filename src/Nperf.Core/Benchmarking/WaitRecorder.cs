using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Nperf.Core.Benchmarking;

/// <summary>Consecutive iterations of one rank: how long they took, and how much of it the rank waited. Ticks or microseconds.</summary>
/// <param name="Time">In all.</param>
/// <param name="Waited">Of that, for nothing but what other ranks send.</param>
/// <param name="Sending">Of that, with something to send that others did not take.</param>
internal readonly record struct WaitBlock(double Time, double Waited, double Sending)
{
    /// <summary>The time in which it held itself up.</summary>
    [JsonIgnore]
    public double Busy => Time - Waited - Sending;

    public WaitBlock Plus(WaitBlock next) => new(Time + next.Time, Waited + next.Waited, Sending + next.Sending);

    public WaitBlock Times(double factor) => new(Time * factor, Waited * factor, Sending * factor);
}

/// <summary>
/// The iterations of a size in blocks of as many, at the same iterations on every rank: when all places are taken, each two
/// neighbours become one. Allocates nothing after it was made.
/// </summary>
internal sealed class WaitRecorder
{
    /// <summary>The most blocks.</summary>
    public const int Most = 64;

    private readonly WaitBlock[] _blocks = new WaitBlock[Most];
    private int _full;
    private long _inBlock, _perBlock = 1;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_blocks);
        (_full, _inBlock, _perBlock) = (0, 0, 1);
    }

    /// <summary>Records one iteration, in ticks of the clock.</summary>
    public void Add(long ticks, long waited, long sending)
    {
        _blocks[_full] = _blocks[_full].Plus(new WaitBlock(ticks, waited, sending));
        if (++_inBlock < _perBlock) return;
        _inBlock = 0;
        if (++_full < Most) return;
        for (int i = 0; i < Most / 2; i++) _blocks[i] = _blocks[2 * i].Plus(_blocks[(2 * i) + 1]);
        Array.Clear(_blocks, Most / 2, Most / 2);
        (_full, _perBlock) = (Most / 2, 2 * _perBlock);
    }

    /// <summary>The part of the time that was waited; null without any.</summary>
    public double? WaitingShare
    {
        get
        {
            var all = default(WaitBlock);
            foreach (WaitBlock block in _blocks) all = all.Plus(block);
            return all.Time > 0 ? Math.Clamp((all.Waited + all.Sending) / all.Time, 0, 1) : null;
        }
    }

    /// <summary>The blocks in the order in which they ran, microseconds.</summary>
    public WaitBlock[] ToMicroseconds()
    {
        int held = _full + (_inBlock > 0 ? 1 : 0);
        return [.. _blocks.AsSpan(0, held).ToArray().Select(block => block.Times(1e6 / Stopwatch.Frequency))];
    }
}
