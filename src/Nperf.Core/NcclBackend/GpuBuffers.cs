using Nperf.Core.Benchmarking;
using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>
/// Buffers in the memory of a GPU, from NCCL's own allocator where it has one (as nccl-tests), told to the communicator in
/// advance where the run asks for it.
/// </summary>
internal sealed class GpuBuffers : RankBuffers
{
    private readonly GpuLibraries _libraries;
    private readonly NcclCommunicator _owner;
    private readonly Registration _registration;
    private readonly (nint Address, nint Handle)[] _parts = new (nint, nint)[2];

    /// <exception cref="LibraryException">There is not so much, or this NCCL cannot register.</exception>
    public GpuBuffers(
        GpuLibraries libraries, NcclCommunicator owner, Registration registration, long sendBytes, long receiveBytes)
        : base(sendBytes, receiveBytes)
    {
        (_libraries, _owner, _registration) = (libraries, owner, registration);
        Demand(registration, libraries.Nccl);
        try
        {
            Allocate(out _parts[0], sendBytes);
            Allocate(out _parts[1], receiveBytes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override nint Send => _parts[0].Address;

    public override nint Receive => _parts[1].Address;

    public override void Dispose()
    {
        // With its communicator a registration has ended as well.
        bool isRegistered = !_owner.HasEnded();
        if (!_owner.IsIdle()) return;
        for (int i = 0; i < _parts.Length; i++)
        {
            (nint address, nint handle) = _parts[i];
            _parts[i] = default;
            if (isRegistered && handle != 0) Deregister(handle);
            if (address == 0) continue;
            if (_libraries.Nccl.HasMemAlloc) _libraries.Nccl.Free(address);
            else _libraries.Cuda.Free(address);
        }
    }

    private static void Demand(Registration registration, Nccl nccl)
    {
        if (registration == Registration.Local && !nccl.HasRegister)
            throw new LibraryException("--register local needs NCCL 2.19 or newer");
        if (registration == Registration.Symmetric && !(nccl.HasWindows && nccl.HasMemAlloc))
            throw new LibraryException("--register symmetric needs NCCL 2.27 or newer");
    }

    private void Deregister(nint handle)
    {
        if (_registration == Registration.Local) _libraries.Nccl.Deregister(_owner.Target.Communicator, handle);
        else _libraries.Nccl.DeregisterWindow(_owner.Target.Communicator, handle);
    }

    // The memory is kept before it is registered, so that it is given back where that fails.
    private void Allocate(out (nint Address, nint Handle) part, long bytes)
    {
        part = default;
        long whole = Math.Max(1, bytes);
        nint address = _libraries.Nccl.HasMemAlloc ? _libraries.Nccl.Allocate(whole) : _libraries.Cuda.Allocate(whole);
        part = (address, 0);
        part.Handle = _registration switch
        {
            Registration.Local => _libraries.Nccl.Register(_owner.Target.Communicator, address, whole),
            Registration.Symmetric => _libraries.Nccl.RegisterWindow(_owner.Target.Communicator, address, whole, Nccl.SymmetricWindow),
            _ => 0,
        };
    }
}
