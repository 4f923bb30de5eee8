using System.Runtime.InteropServices;
using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Core.Host;

/// <summary>The memory of another rank of this machine, as this rank gets at it. Addresses are the other rank's own.</summary>
internal sealed unsafe class PeerMemory
{
    private readonly int _process;
    private readonly nint _base;
    private readonly nint _bytes;
    private readonly byte* _mapped;

    private PeerMemory(MemoryReach reach, int process = 0, nint address = 0, nint bytes = 0, byte* mapped = null)
    {
        Reach = reach;
        _process = process;
        _base = address;
        _bytes = bytes;
        _mapped = mapped;
    }

    /// <summary>That of a rank of this process.</summary>
    public static PeerMemory OfThisProcess { get; } = new(MemoryReach.Maps);

    /// <summary>That of a rank that is out of reach.</summary>
    public static PeerMemory OutOfReach { get; } = new(MemoryReach.None);

    /// <summary>How it can be reached.</summary>
    public MemoryReach Reach { get; }

    /// <summary>That of a rank of another process, which the kernel reads and writes for this one.</summary>
    /// <param name="process">Its process id.</param>
    public static PeerMemory OfProcess(int process) => new(MemoryReach.Copies, process);

    /// <summary>
    /// Shared memory alone: the <paramref name="bytes"/> bytes that the peer has at <paramref name="address"/> and this process at
    /// <paramref name="mapped"/>.
    /// </summary>
    public static PeerMemory Shared(nint address, nint bytes, byte* mapped) =>
        new(MemoryReach.Maps, address: address, bytes: bytes, mapped: mapped);

    /// <summary>Where <paramref name="address"/> lies in this process; where <see cref="Reach"/> is <see cref="MemoryReach.Maps"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the memory that is shared.</exception>
    public byte* At(nint address)
    {
        if (_mapped is null) return (byte*)address;
        nint offset = address - _base;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((nuint)offset, (nuint)_bytes, nameof(address));
        return _mapped + offset;
    }

    /// <summary>Copies from the peer; false when it is gone.</summary>
    public bool TryRead(byte* destination, nint source, nint bytes)
    {
        if (Reach == MemoryReach.Copies) return LibC.TryReadProcess(_process, destination, source, bytes);
        NativeMemory.Copy(At(source), destination, (nuint)bytes);
        return true;
    }

    /// <summary>Copies to the peer; false when it is gone.</summary>
    public bool TryWrite(nint destination, byte* source, nint bytes)
    {
        if (Reach == MemoryReach.Copies) return LibC.TryWriteProcess(_process, destination, source, bytes);
        NativeMemory.Copy(source, At(destination), (nuint)bytes);
        return true;
    }
}
