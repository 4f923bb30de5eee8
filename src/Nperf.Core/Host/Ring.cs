using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nperf.Core.Host;

/// <summary>
/// A byte stream in memory from one writer to one reader, wherever the memory lies: a ring of a power of two of bytes.
/// All its state is in that memory, which starts as zeros.
/// </summary>
/// <remarks>
/// <code>
/// offset
///      0  writer's: mark, head, the last small write   read by the reader
///    128  reader's: tail                               read by the writer when the ring seems full
///    256  writer's own: head, tail as last seen
///    384  reader's own: tail, head as last seen
///    512  data
/// </code>
/// Head and tail count the bytes written and read since the beginning. A write of up to <see cref="SmallBytes"/> also
/// stands beside head, so that it reaches the reader in one transfer of a cache line instead of two; the mark, written
/// before it, tells which write it is (head and length), so that the reader notices one that is being overwritten.
/// </remarks>
internal readonly unsafe struct Ring
{
    /// <summary>The most bytes one call moves: small enough that the other side works on one part while this side does the next.</summary>
    private const nint ChunkBytes = 64 * 1024;

    private const int PageBytes = 4096;
    private const int SmallBytes = 48;
    private const int LengthBits = 6;
    private const int HeaderBytes = 512;
    private const int LargestCapacity = 512 * 1024;
    private const int SmallestCapacity = 8 * 1024;
    private const int BytesForAll = 32 * 1024 * 1024;

    private readonly WriterLine* _writer;
    private readonly ReaderLine* _reader;
    private readonly OwnLine* _writerOwn;
    private readonly OwnLine* _readerOwn;
    private readonly byte* _data;
    private readonly nint _capacity;

    /// <summary>The ring that lies at <paramref name="memory"/>, aligned to 128 bytes.</summary>
    public Ring(byte* memory, nint capacity)
    {
        _writer = (WriterLine*)memory;
        _reader = (ReaderLine*)(memory + 128);
        _writerOwn = (OwnLine*)(memory + 256);
        _readerOwn = (OwnLine*)(memory + 384);
        _data = memory + HeaderBytes;
        _capacity = capacity;
    }

    /// <summary>Bytes a ring holds where each of <paramref name="ranks"/> ranks has one to each: all of them stay below 32 MiB or so.</summary>
    public static nint CapacityFor(int ranks)
    {
        int capacity = LargestCapacity;
        while (capacity > SmallestCapacity && (long)capacity * ranks * ranks > BytesForAll) capacity /= 2;
        return capacity;
    }

    /// <summary>True where the rings among <paramref name="ranks"/> ranks stay below 32 MiB or so.</summary>
    public static bool FitsInMemory(nint capacity, int ranks) => (long)capacity * ranks * ranks <= BytesForAll;

    /// <summary>Bytes of memory for a ring of <paramref name="capacity"/>.</summary>
    public static nint BytesFor(nint capacity) => HeaderBytes + capacity;

    /// <summary>Gives every page of the data its memory; before the first write.</summary>
    public void TouchAsWriter()
    {
        for (nint at = 0; at < _capacity; at += PageBytes) Volatile.Write(ref _data[at], 0);
    }

    /// <summary>Maps every page of the data into this process.</summary>
    public void TouchAsReader()
    {
        for (nint at = 0; at < _capacity; at += PageBytes) Volatile.Read(ref _data[at]);
    }

    /// <summary>Writes some of <paramref name="bytes"/> bytes; 0 when it is full.</summary>
    public nint TryWrite(byte* source, nint bytes)
    {
        long head = _writerOwn->Position;
        nint wanted = Math.Min(bytes, ChunkBytes);
        nint room = _capacity - (nint)(head - _writerOwn->OtherSeen);
        if (room < wanted)
        {
            long tail = Volatile.Read(ref _reader->Tail);
            _writerOwn->OtherSeen = tail;
            room = _capacity - (nint)(head - tail);
            if (room == 0) return 0;
        }

        nint count = Math.Min(wanted, room);
        if (count <= SmallBytes)
        {
            _writer->Mark = Mark(head + count, count);
            Volatile.WriteBarrier();
            Unsafe.CopyBlockUnaligned(_writer->Small, source, (uint)count);
        }

        nint at = (nint)head & (_capacity - 1);
        nint first = Math.Min(count, _capacity - at);
        Unsafe.CopyBlockUnaligned(_data + at, source, (uint)first);
        if (first < count) Unsafe.CopyBlockUnaligned(_data, source + first, (uint)(count - first));
        _writerOwn->Position = head + count;
        Volatile.Write(ref _writer->Head, head + count);
        return count;
    }

    /// <summary>Reads some of <paramref name="bytes"/> bytes; 0 when it is empty.</summary>
    public nint TryRead(byte* destination, nint bytes)
    {
        long tail = _readerOwn->Position;
        nint available = Available(tail, Math.Min(bytes, ChunkBytes));
        if (available == 0) return 0;
        if (available <= SmallBytes && available <= bytes && TryReadSmall(destination, available))
        {
            Advance(tail + available);
            return available;
        }

        nint count = Math.Min(Math.Min(bytes, available), ChunkBytes);
        nint at = (nint)tail & (_capacity - 1);
        nint first = Math.Min(count, _capacity - at);
        Unsafe.CopyBlockUnaligned(destination, _data + at, (uint)first);
        if (first < count) Unsafe.CopyBlockUnaligned(destination + first, _data, (uint)(count - first));
        Advance(tail + count);
        return count;
    }

    /// <summary>Reads some of <paramref name="bytes"/> bytes, whole elements, as destination = operand ⊕ read, out of the ring itself.</summary>
    public nint TryReadReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel)
    {
        long tail = _readerOwn->Position;
        nint size = kernel.ElementSize;
        nint available = Available(tail, Math.Min(bytes, ChunkBytes));
        if (available < size) return 0;
        if (available <= SmallBytes && available <= bytes && available % size == 0)
        {
            byte* small = stackalloc byte[SmallBytes];
            if (TryReadSmall(small, available))
            {
                kernel.Combine(destination, operand, small, available / size);
                Advance(tail + available);
                return available;
            }
        }

        nint at = (nint)tail & (_capacity - 1);
        nint toEnd = _capacity - at;
        nint count = Math.Min(Math.Min(bytes, available), Math.Min(toEnd, ChunkBytes)) / size * size;
        if (count > 0)
        {
            kernel.Combine(destination, operand, _data + at, count / size);
        }
        else
        {
            // One element lies across the end of the ring.
            byte* element = stackalloc byte[sizeof(long)];
            Unsafe.CopyBlockUnaligned(element, _data + at, (uint)toEnd);
            Unsafe.CopyBlockUnaligned(element + toEnd, _data, (uint)(size - toEnd));
            kernel.Combine(destination, operand, element, 1);
            count = size;
        }

        Advance(tail + count);
        return count;
    }

    private static long Mark(long head, nint length) => (head << LengthBits) | length;

    /// <summary>Bytes to read; looks at the writer's head only when fewer than <paramref name="wanted"/> were there last time.</summary>
    private nint Available(long tail, nint wanted)
    {
        nint available = (nint)(_readerOwn->OtherSeen - tail);
        if (available >= wanted) return available;
        long head = Volatile.Read(ref _writer->Head);
        _readerOwn->OtherSeen = head;
        return (nint)(head - tail);
    }

    /// <summary>Copies the last write, where it is small, is all there is to read, and stays as it is meanwhile.</summary>
    private bool TryReadSmall(byte* destination, nint available)
    {
        long mark = Mark(_readerOwn->OtherSeen, available);
        if (Volatile.Read(ref _writer->Mark) != mark) return false;
        Unsafe.CopyBlockUnaligned(destination, _writer->Small, (uint)available);
        Volatile.ReadBarrier();
        return Volatile.Read(ref _writer->Mark) == mark;
    }

    private void Advance(long tail)
    {
        _readerOwn->Position = tail;
        Volatile.Write(ref _reader->Tail, tail);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WriterLine
    {
        public long Mark;
        public long Head;
        public fixed byte Small[SmallBytes];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ReaderLine
    {
        public long Tail;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OwnLine
    {
        public long Position;
        public long OtherSeen;
    }
}
