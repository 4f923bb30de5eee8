using System.Collections.Concurrent;
using System.ComponentModel;
using Nperf.Native;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// One thread of this process that waits for all connections of its servers, and has each whose bytes came read them: .NET's
/// own way hands every message from thread to thread, which with thousands of clients is most of what a barrier costs.
/// </summary>
internal static class SocketPoller
{
    private static readonly ConcurrentDictionary<int, PolledStream> Streams = [];
    private static readonly Lazy<EventPoll> Poll = new(Start);

    /// <summary>From here on <paramref name="stream"/> is told when bytes came.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Watch(PolledStream stream)
    {
        Streams[stream.Descriptor] = stream;
        try
        {
            Poll.Value.Watch(stream.Descriptor);
        }
        catch (Win32Exception e)
        {
            Forget(stream);
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>From here on it is not; its descriptor is about to be closed, which takes it out of the kernel's list.</summary>
    public static void Forget(PolledStream stream) => Streams.TryRemove(new(stream.Descriptor, stream));

    private static EventPoll Start()
    {
        EventPoll poll = new();
        new Thread(() => poll.WaitForEver(Came)) { IsBackground = true, Name = "control connections" }.Start();
        return poll;
    }

    private static void Came(int descriptor, bool nearsItsEnd)
    {
        if (Streams.TryGetValue(descriptor, out PolledStream? stream)) stream.BytesCame(nearsItsEnd);
    }
}
