using System.Runtime.InteropServices;
using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.MpiMode;

/// <summary>
/// Control messages over MPI, on a communicator of their own: a message's type is its tag. Nothing blocks within MPI, so
/// that a process that hangs is noticed by who waits for it; one call at a time, which MPI_THREAD_SERIALIZED allows.
/// </summary>
internal sealed class MpiMail
{
    private readonly Lock _gate = new();
    private readonly Mpi _mpi;
    private readonly nuint _comm;
    private readonly string _self;
    private readonly MpiChannel?[] _channels;
    private readonly List<Parcel> _sent = [];
    private readonly List<MpiChannel> _awaited = [];

    /// <param name="mpi">The library, initialised.</param>
    /// <param name="comm">The communicator.</param>
    /// <param name="self">This process for messages.</param>
    /// <param name="abort">Set when another process gives the run up.</param>
    public MpiMail(Mpi mpi, nuint comm, string self, AbortSignal abort)
    {
        _mpi = mpi;
        _comm = comm;
        _self = self;
        // A star: the first process talks to all, the others to the first.
        int rank = mpi.Rank(comm);
        _channels = new MpiChannel?[mpi.Size(comm)];
        for (int peer = 0; peer < _channels.Length; peer++)
            if (peer != rank && (peer == 0 || rank == 0)) _channels[peer] = new MpiChannel(this, peer, abort);
    }

    /// <summary>Signalled when a message was sent that is not gone yet: it wants to be looked after.</summary>
    public AutoResetEvent Sending { get; } = new(false);

    /// <summary>The channels to other processes, in the order of their places.</summary>
    public IEnumerable<MpiChannel> Channels => _channels.OfType<MpiChannel>();

    /// <summary>True while messages are on their way.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate) return _sent.Count > 0 || _awaited.Count > 0;
        }
    }

    /// <summary>The channel to process <paramref name="peer"/>.</summary>
    public MpiChannel ChannelTo(int peer) => _channels[peer] ?? throw new ArgumentOutOfRangeException(nameof(peer));

    /// <summary>Begins to send a message of <paramref name="channel"/>, where that still sends it.</summary>
    /// <exception cref="RunException">MPI reports an error.</exception>
    public void Send(int peer, Message message, MpiChannel channel) => Guarded(() =>
    {
        if (!channel.Sends(message)) return;
        Parcel parcel = new(message.Type, message.Payload.Length);
        message.Payload.CopyTo(parcel.Bytes);
        parcel.Request = _mpi.StartSend(
            parcel.Address, parcel.Bytes.Length, _mpi.Handles[MpiHandle.Byte], peer, (int)message.Type, _comm);
        if (_mpi.Test(ref parcel.Request)) return;
        _sent.Add(parcel);
        Sending.Set();
    });

    /// <summary>Takes what has come to where it is waited for, and lets go of what was sent.</summary>
    /// <exception cref="RunException">MPI reports an error.</exception>
    public void Pump() => Guarded(() =>
    {
        _sent.RemoveAll(parcel => _mpi.Test(ref parcel.Request));
        while (_mpi.HasMessage(_comm, out MpiMessage found)) Receive(found);
        for (int i = _awaited.Count - 1; i >= 0; i--)
            if (_awaited[i].Collect(_mpi)) _awaited.RemoveAt(i);
    });

    /// <summary>Sends what is on its way, for at most <paramref name="limit"/>.</summary>
    public void Flush(TimeSpan limit)
    {
        var deadline = Deadline.After(limit);
        var pause = new MpiPause();
        while (IsBusy && !deadline.Passed)
        {
            Pump();
            pause.Take();
        }
    }

    private void Receive(MpiMessage found)
    {
        Parcel parcel = new((MessageType)found.Tag, found.Bytes);
        parcel.Request = _mpi.StartReceive(
            parcel.Address, parcel.Bytes.Length, _mpi.Handles[MpiHandle.Byte], found.Source, found.Tag, _comm);
        MpiChannel channel = ChannelTo(found.Source);
        channel.Await(parcel);
        if (!_awaited.Contains(channel)) _awaited.Add(channel);
    }

    private void Guarded(Action calls)
    {
        try
        {
            lock (_gate) calls();
        }
        catch (LibraryException cause)
        {
            throw new RunException(
                new Failure(FailureKind.Error, $"{cause.Message} ({_self})") { Host = ThisProcess.Host }, cause);
        }
    }

    /// <summary>A message on its way, at an address that stays.</summary>
    internal sealed class Parcel(MessageType type, int bytes)
    {
        /// <summary>MPI's request.</summary>
        public nuint Request;

        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

        public nint Address => Bytes.Length == 0 ? 0 : Marshal.UnsafeAddrOfPinnedArrayElement(Bytes, 0);

        public Message Message => new(type, Bytes);
    }
}
