using System.Net;
using System.Net.Sockets;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// The server's door: connections are accepted, greet and, where there is a token, prove themselves side by side, each under
/// one deadline. Only who got that far has a <see cref="Connection"/>.
/// </summary>
internal sealed partial class ServerRendezvous
{
    /// <summary>The most strangers that are named; further ones are closed without a word.</summary>
    private const int MostNotes = 64;

    private readonly HandshakeRoom<PolledStream> _room = new();
    private readonly HashSet<(IPAddress? Address, string Guess)> _noted = [];
    private byte[]? _run;
    private int _withoutToken;
    private IPAddress? _lastWithoutToken;

    /// <summary>For how many handshakes there is room beside those of the processes that are waited for.</summary>
    public int MostWaiting { get; init; } = 1024;

    private async Task AcceptAllAsync(Socket listener)
    {
        if (_process.Token is not null) _run = Session.DigestOf(_runId, _options);
        while (true)
        {
            try
            {
                PolledStream stream = Watched(await listener.AcceptAsync());
                if (_room.Enter(stream, Connection.RemoteOf(stream.Socket), Room()) is { } place) _ = HandshakeAsync(place);
            }
            catch (Exception e) when (e is ObjectDisposedException
                || Wording.SocketErrorOf(e) is SocketError.OperationAborted or SocketError.InvalidArgument)
            {
                return;
            }
            catch (SocketException)
            {
                // A connection that ended before it was accepted, or no descriptor left: others may be luckier.
                await Task.Delay(20);
            }
        }
    }

    /// <exception cref="SocketException">The system watches too many connections already.</exception>
    private static PolledStream Watched(Socket socket)
    {
        try
        {
            return new PolledStream(socket, Poller.OfThisProcess);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private int Room()
    {
        if (_room.Count < MostWaiting) return MostWaiting;
        lock (_gate) return MostWaiting + _expected + _roster.ProcessCount;
    }

    private async Task HandshakeAsync(LinkedListNode<HandshakeRoom<PolledStream>.Waiting> place)
    {
        (PolledStream stream, IPEndPoint? remote) = place.Value;
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_abortToken);
            double seconds = Math.Min(HandshakeLimit.TotalSeconds, _process.JoinTimeoutSeconds);
            limit.CancelAfter(TimeSpan.FromSeconds(seconds));
            if (!await GreetAsync(place, limit.Token)) stream.Dispose();
        }
        catch (ProtocolException e)
        {
            stream.Dispose();
            Dropped(remote, $"greeted like nperf, then {e.Message}");
        }
        catch (RunException e)
        {
            // An observer that cannot say who joined: a closed pipe, a full disk. That one is a client by now, and is told.
            _clients.Fail(e.Failure);
        }
        catch (Exception e) when (Connection.IsEnd(e))
        {
            stream.Dispose();
            Dropped(remote, e is OperationCanceledException ? "did not finish its handshake" : "closed in its handshake");
        }
        finally
        {
            _room.Leave(place);
        }
    }

    /// <summary>True where the connection was handed on; false where it is to be closed.</summary>
    private async Task<bool> GreetAsync(LinkedListNode<HandshakeRoom<PolledStream>.Waiting> place, CancellationToken limit)
    {
        (PolledStream stream, IPEndPoint? remote) = place.Value;
        Greeted greeted = await Greeting.ReceiveFromClientAsync(stream, limit);
        if (greeted.Guess is not null)
        {
            Dropped(remote, greeted.Guess);
            return false;
        }

        await stream.WriteAsync(Greeting.FromServer(_process.Token is not null), limit);
        if (_process.Token is null)
        {
            Connection open = new(stream);
            Failure? refusal = greeted.Version != Greeting.Version ? Refusals.OtherProtocol(open, greeted.Version)
                : greeted.HasToken ? Refusals.TokenOfClient(open)
                : null;
            if (refusal is null) return await AdmitAsync(open, place, limit);
            return _room.Leave(place) && Refuse(open, refusal, tell: false);
        }

        // Who has not proved that it has the token is a stranger: it ends nothing, whatever is wrong.
        if (greeted.Version != Greeting.Version)
        {
            Dropped(remote, $"speaks protocol version {greeted.Version}, this server {Greeting.Version}");
            return false;
        }

        Session? session = greeted.HasToken ? await TokenProof.AcceptAsync(stream, _process.Token, _run!, limit) : null;
        if (session is not null) return await AdmitAsync(new Connection(stream, session), place, limit);
        lock (_gate)
        {
            _withoutToken++;
            _lastWithoutToken = remote?.Address;
        }

        Dropped(remote, greeted.HasToken ? "has another token than this server" : "has no token, and this server has one");
        return false;
    }

    /// <summary>Too few came in time: also how many came in vain, which may be why.</summary>
    private Failure WithStrangers(Failure failure) => _withoutToken == 0 ? failure : failure with
    {
        Message = $"{failure.Message}; {Wording.Count(_withoutToken, "connection")} came without this run's token, "
            + $"the last from {_lastWithoutToken}",
    };

    private void Dropped(IPEndPoint? remote, string guess)
    {
        // Once the world is complete the observer is the run's, which has no interest in strangers.
        lock (_gate)
        {
            if (_over || _expected == 0 || _noted.Count == MostNotes || !_noted.Add((remote?.Address, guess))) return;
            try
            {
                _observer.StrangerDropped(
                    remote, _noted.Count < MostNotes ? guess : $"{guess}; it is the last of so many that is told");
            }
            catch (RunException e)
            {
                _clients.Fail(e.Failure);
            }
        }
    }
}
