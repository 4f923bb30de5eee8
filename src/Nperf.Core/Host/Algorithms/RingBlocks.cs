namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Divides elements among the ranks of a ring: a block for each rank, as equal as whole elements allow, and each block
/// into the same number of parts. A ring runs over part 0 of all blocks, then over part 1, in one stream, so that what
/// a rank passes on still lies in its cache.
/// </summary>
/// <remarks>
/// Within one part a rank's outgoing stream is its own block followed by the incoming stream. All parts but the last
/// have the same size and the last is no smaller, hence over all parts too byte p is ready to be sent once
/// p &lt; <see cref="Lead"/> + bytes received.
/// </remarks>
internal readonly struct RingBlocks
{
    /// <summary>About how many bytes a part has; blocks under twice that have one part.</summary>
    public const int PartTarget = 256 << 10;

    private readonly long _elements;
    private readonly int _elementSize;
    private readonly int _extra;
    private readonly nint _part;
    private readonly int[]? _places;

    /// <summary>
    /// Blocks of <paramref name="elements"/> elements in all. Where they are equal, block b may lie where
    /// block <paramref name="places"/>[b] else would, in a whole that may have more blocks.
    /// </summary>
    public RingBlocks(long elements, int worldSize, int elementSize, int[]? places = null)
    {
        _places = places;
        _elements = elements / worldSize;
        _extra = (int)(elements % worldSize);
        _elementSize = elementSize;
        Parts = (int)Math.Max(1, _elements * elementSize / PartTarget);
        _part = (nint)(_elements / Parts) * elementSize;
    }

    /// <summary>The number of parts of every block.</summary>
    public int Parts { get; }

    /// <summary>The size in bytes of the largest part.</summary>
    public nint LargestPart => Bytes(0, Parts - 1);

    /// <summary>Where a part of a block begins in the whole, in bytes.</summary>
    public nint Offset(int block, int part)
    {
        int place = _places is null ? block : _places[block];
        return (nint)(_elements * place + Math.Min(place, _extra)) * _elementSize + OffsetInBlock(part);
    }

    /// <summary>Where a part begins in its block, in bytes.</summary>
    public nint OffsetInBlock(int part) => _part * part;

    /// <summary>The size of a part of a block in bytes.</summary>
    public nint Bytes(int block, int part)
    {
        if (part < Parts - 1) return _part;
        nint whole = (nint)(_elements + (block < _extra ? 1 : 0)) * _elementSize;
        return whole - _part * part;
    }

    /// <summary>How far a rank that starts with <paramref name="block"/> may be ahead of what it received.</summary>
    public nint Lead(int block) => Bytes(block, 0);
}
