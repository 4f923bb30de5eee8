using System.Net;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// The connections of a port that have not yet shown who they are. There is room for so many; one too many costs the one
/// that has waited longest of the address that has most, so that who floods a port pushes its own connections out.
/// </summary>
/// <typeparam name="TConnection">What stands for a connection; it closes where it is disposed of.</typeparam>
internal sealed class HandshakeRoom<TConnection>
    where TConnection : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiting> _oldestFirst = [];
    private readonly Dictionary<IPAddress, int> _counts = [];
    private bool _closed;

    /// <summary>How many are in it.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _oldestFirst.Count;
        }
    }

    /// <summary>Takes <paramref name="connection"/> in, where need be for another; null where it was closed at once.</summary>
    /// <param name="connection">Just accepted.</param>
    /// <param name="remote">Where it is from; null where it did not tell.</param>
    /// <param name="most">For how many there is room.</param>
    public LinkedListNode<Waiting>? Enter(TConnection connection, IPEndPoint? remote, int most)
    {
        lock (_gate)
        {
            if (_closed)
            {
                connection.Dispose();
                return null;
            }

            if (_oldestFirst.Count >= most) CloseOne();
            Waiting one = new(connection, remote);
            _counts[one.Address] = _counts.GetValueOrDefault(one.Address) + 1;
            return _oldestFirst.AddLast(one);
        }
    }

    /// <summary>Takes a connection out; false where it was closed to make room for another.</summary>
    public bool Leave(LinkedListNode<Waiting> place)
    {
        lock (_gate)
        {
            if (place.List is null) return false;
            Remove(place);
            return true;
        }
    }

    /// <summary>Closes all that are in it, and whoever comes later.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (Waiting one in _oldestFirst) one.Connection.Dispose();
            _oldestFirst.Clear();
            _counts.Clear();
        }
    }

    private void CloseOne()
    {
        IPAddress busiest = _counts.MaxBy(count => count.Value).Key;
        LinkedListNode<Waiting> place = _oldestFirst.First!;
        while (!place.Value.Address.Equals(busiest)) place = place.Next!;
        Remove(place);
        place.Value.Connection.Dispose();
    }

    private void Remove(LinkedListNode<Waiting> place)
    {
        IPAddress address = place.Value.Address;
        if (--_counts[address] == 0) _counts.Remove(address);
        _oldestFirst.Remove(place);
    }

    /// <summary>One of them, and where it is from: a closed socket does not tell.</summary>
    internal sealed record Waiting(TConnection Connection, IPEndPoint? Remote)
    {
        public IPAddress Address => Remote?.Address ?? IPAddress.None;
    }
}
