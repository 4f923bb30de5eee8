using System.Runtime.InteropServices;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Results;

namespace Nperf.Core.Verification;

/// <summary>
/// The pattern in a GPU's memory: the values of <see cref="TestPattern"/>, laid and compared by the GPU. A buffer lies
/// at a multiple of an element's size. Filling and poisoning are enqueued on the stream; a check waits for it.
/// </summary>
internal sealed unsafe class GpuPattern : BufferPattern
{
    private const int Values = PositionSequence.Values;

    /// <summary>
    /// Elements of a source's table: each value twice, so that a seed is no more than another place to begin at, and a
    /// table that is on the GPU serves every iteration.
    /// </summary>
    private const int TableLength = 2 * Values;

    private readonly GpuKernels _kernels;
    private readonly nint _stream;
    private readonly DataType _type;
    private readonly PatternValues _values;

    // By source, the reduction over all ranks first: whether its table is on the GPU.
    private readonly bool[] _uploaded;
    private nint _tables;

    /// <param name="kernels">The GPU's kernels.</param>
    /// <param name="stream">The stream that all of the GPU's patterns use.</param>
    /// <param name="collective">The operation.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="reduction">The reduction, where it has one.</param>
    /// <param name="worldSize">The number of ranks.</param>
    public GpuPattern(
        GpuKernels kernels, nint stream, Collective collective, DataType type, Reduction reduction, int worldSize)
    {
        (_kernels, _stream, _type) = (kernels, stream, type);
        _values = new PatternValues(type, collective.Reduces ? reduction : null, worldSize);
        _uploaded = new bool[1 + worldSize];
    }

    /// <inheritdoc/>
    public override void Fill(nint send, long count, int rank, long seed)
    {
        if (count > 0) _kernels.Fill(send, count, _type.Size(), Table(rank, seed), start: 0, _stream);
    }

    /// <inheritdoc/>
    public override void Poison(nint buffer, long bytes)
    {
        if (bytes > 0) _kernels.Cuda.Fill(buffer, 0xFF, bytes, _stream);
    }

    /// <inheritdoc/>
    public override CheckResult Check(nint receive, IEnumerable<Segment> expected, long seed, double tolerance)
    {
        Segment[] segments = [.. expected.Where(segment => segment.Count > 0)];
        if (segments.Length == 0) return default;
        _kernels.ClearResult(_stream);
        foreach (Segment segment in segments)
        {
            _kernels.Check(
                receive + (nint)(segment.ReceiveOffset * _type.Size()), segment.Count, _type,
                Table(segment.SourceRank, seed), (int)(segment.SourceOffset % PositionSequence.Length),
                segment.ReceiveOffset, tolerance, _stream);
        }

        GpuCheckResult result = _kernels.Result(_stream);
        return result.Wrong == 0
            ? default
            : new CheckResult(result.Wrong, WrongAt(result.First, receive, segments, seed));
    }

    private WrongElement WrongAt(long index, nint receive, Segment[] segments, long seed)
    {
        Segment segment = segments.First(one => index >= one.ReceiveOffset && index - one.ReceiveOffset < one.Count);
        long place = (segment.SourceOffset + index - segment.ReceiveOffset) % PositionSequence.Length;
        long x = PositionSequence.Elements[(int)place];
        ulong expected = _values.Bits(segment.SourceRank, (int)((x + seed) % Values));

        ulong found = 0; // Little-endian: the element's bytes are the lowest.
        int size = _type.Size();
        _kernels.Cuda.CopyToHost(
            MemoryMarshal.AsBytes(new Span<ulong>(ref found))[..size], receive + (nint)(index * size));
        return new WrongElement(index, ElementBits.Text(_type, expected), ElementBits.Text(_type, found));
    }

    /// <summary>Where on the GPU the elements for each value of x begin, in the iteration numbered so.</summary>
    private nint Table(int source, long seed)
    {
        int size = _type.Size();
        if (_kernels.TablesOwner != this)
        {
            // Kernels that are still enqueued may read the tables of the pattern before.
            _kernels.Cuda.Synchronize(_stream);
            Array.Clear(_uploaded);
            _tables = _kernels.TakeTables(this, (long)_uploaded.Length * TableLength * size);
        }

        int number = source == Segment.AllRanks ? 0 : 1 + source;
        nint table = _tables + ((nint)number * TableLength * size);
        if (!_uploaded[number])
        {
            Upload(source, table);
            _uploaded[number] = true;
        }

        return table + (nint)(seed % Values * size);
    }

    private void Upload(int source, nint table)
    {
        int size = _type.Size();
        byte* elements = stackalloc byte[(TableLength * size) + sizeof(ulong)];
        for (int index = 0; index < TableLength; index++)
            *(ulong*)(elements + (index * size)) = _values.Bits(source, index % Values);
        _kernels.Cuda.CopyToDevice(table, new ReadOnlySpan<byte>(elements, TableLength * size));
    }
}
