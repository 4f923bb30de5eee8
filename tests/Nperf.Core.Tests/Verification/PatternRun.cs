using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Verification;

namespace Nperf.Core.Tests.Verification;

/// <summary>One collective over filled buffers, and the check of what it gave.</summary>
internal sealed unsafe class PatternRun
{
    private readonly Collective _collective;
    private readonly DataType _type;
    private readonly Reduction _reduction;
    private readonly int _worldSize;
    private readonly int _count;
    private readonly int _root;
    private readonly TestPattern _pattern;

    public PatternRun(
        Collective collective, DataType type, Reduction reduction, int worldSize, int count,
        long seed = 7, int root = 0)
    {
        (_collective, _type, _reduction, _worldSize, _count, _root) =
            (collective, type, reduction, worldSize, count, root);
        _pattern = new TestPattern(collective, type, reduction, worldSize);
        Sends = [.. Enumerable.Range(0, worldSize).Select(rank => NaiveCollective.Values(type, Fill(rank, seed)))];
    }

    /// <summary>Every rank's send buffer.</summary>
    public long[][] Sends { get; }

    public byte[] Fill(int rank, long seed)
    {
        long count = _collective.SendCount(_count, _worldSize, rank, _root);
        byte[] buffer = new byte[count * _type.Size()];
        fixed (byte* data = buffer)
            _pattern.Fill((nint)data, count, rank, seed);
        return buffer;
    }

    public byte[] Receive(int rank) =>
        NaiveCollective.Receive(_collective, _type, _reduction, Sends, _count, rank, _root);

    public CheckResult Check(byte[] receive, int rank, long seed = 7, double tolerance = 0)
    {
        fixed (byte* data = receive)
        {
            return _pattern.Check(
                (nint)data, _collective.Expected(_count, _worldSize, rank, _root), seed, tolerance);
        }
    }
}
