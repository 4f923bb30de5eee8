using Nperf.Native;

namespace Nperf.Core.Host;

/// <summary>The descriptors that one rank sleeps at, until any of them is ready (poll(2)).</summary>
internal sealed unsafe class PollSet
{
    private const short Readable = 1, Writable = 4; // POLLIN, POLLOUT

    private LibC.PollEntry[] _entries = new LibC.PollEntry[4];
    private int _count;

    /// <summary>None.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds one that there is something to read from.</summary>
    public void AddReadable(int descriptor) => Add(descriptor, Readable);

    /// <summary>Adds one that there is room to write to.</summary>
    public void AddWritable(int descriptor) => Add(descriptor, Writable);

    /// <summary>Returns when one of them is ready, or has failed, or after so many milliseconds, or where a signal came.</summary>
    public void Wait(int milliseconds)
    {
        fixed (LibC.PollEntry* entries = _entries) _ = LibC.Poll(entries, (nuint)_count, milliseconds);
    }

    private void Add(int descriptor, short events)
    {
        if (_count == _entries.Length) Array.Resize(ref _entries, 2 * _count);
        _entries[_count++] = new LibC.PollEntry { Descriptor = descriptor, Events = events };
    }
}
