using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>Why a client is not taken in. The same words are shown on both sides.</summary>
internal static class Refusals
{
    /// <summary>The most ranks one process may bring.</summary>
    public const int MostRanks = 4096;

    public static Failure OtherProtocol(Connection client, int version) => new(
        FailureKind.Error,
        $"protocol versions differ: server speaks {Greeting.Version}, client {client.RemoteAddress} speaks {version}: "
        + "run one version of nperf on every host");

    public static Failure TokenOfClient(Connection client) => new(
        FailureKind.Error,
        $"client {client.RemoteAddress} has a token, and this server has none: give the server the same one "
        + $"(--token-file FILE, or {Token.Variable}), or the client none");

    public static Failure? OtherVersion(Connection client, Hello hello) =>
        OtherVersion(hello, "server", $"client {Name(client, hello)}");

    /// <summary>The same, with names for both sides.</summary>
    public static Failure? OtherVersion(Hello hello, string server, string client) =>
        hello.Version == ThisProcess.Version ? null : VersionsDiffer(server, ThisProcess.Version, client, hello.Version);

    public static Failure VersionsDiffer(string server, string serverVersion, string client, string clientVersion) => new(
        FailureKind.Error,
        $"versions of nperf differ: {server} has {serverVersion}, {client} has {clientVersion}: "
        + "run one version on every host");

    /// <summary>Every option given to the client that is not the server's, with both values; null when there is none.</summary>
    public static Failure? OtherOptions(RunOptions options, Hello hello) =>
        OtherOptions(options, hello, "server", $"client {hello.Host}");

    /// <summary>The same, with names for both sides.</summary>
    public static Failure? OtherOptions(RunOptions options, Hello hello, string server, string client)
    {
        string[] differences =
        [
            .. hello.Given
                .Select(given => (Name: given.Key, Given: given.Value, Server: RunOptionsText.Of(options, given.Key)))
                .Where(option => option.Given != option.Server)
                .OrderBy(option => option.Name, StringComparer.Ordinal)
                .Select(option => PrintableText.From(
                    $"{option.Name}: {server} has {option.Server ?? "no such option"}, {client} was given {option.Given}")),
        ];
        return differences.Length == 0
            ? null
            : new Failure(FailureKind.OptionsDiffer, $"options differ: {string.Join("; ", differences)}")
            {
                Host = hello.Host,
                Step = "rendezvous",
            };
    }

    public static Failure NoPlace { get; } = new(
        FailureKind.Error, "this run has no place for this member process: it is not its own, or taken already");

    public static Failure NoClients { get; } = new(
        FailureKind.Error, "this run is local to its machine and takes no clients");

    public static Failure Full(int clients) => clients == 0 ? NoClients : new Failure(
        FailureKind.Error,
        $"the run is full: it has its {(clients == 1 ? "client" : $"{clients} clients")} already; "
        + "start the server with a larger -n, or wait for the next run");

    /// <summary>Who has come and who is missing once a wait of <paramref name="seconds"/> is over.</summary>
    public static Failure TooFew(Roster roster, int expected, double seconds)
    {
        if (roster.ClientCount < expected)
        {
            string who = string.Join(", ", roster.Clients.Select(client => $"{client.AsWhole.Host} ({client.AsWhole.Address})"));
            string joined = $"{roster.ClientCount} of {expected} clients joined within {Wording.Seconds(seconds)} (--timeout)";
            return new Failure(FailureKind.Timeout, who.Length == 0 ? joined : $"{joined}: {who}");
        }

        Head first = roster.Incomplete.First();
        IEnumerable<string> missing = roster.Incomplete.SelectMany(
            head => head.Missing.Select(rank => $"rank {rank} on {head.AsWhole.Host}"));
        return new Failure(
            FailureKind.Timeout, $"{string.Join(", ", missing)} did not join within {Wording.Seconds(seconds)}")
        {
            Rank = first.Missing.First(),
            Host = first.AsWhole.Host,
        };
    }

    /// <summary>A client that has no ranks yet, for example <c>node2 (10.0.0.2)</c>.</summary>
    public static string Name(Connection client, Hello hello) => $"{hello.Host} ({client.RemoteAddress})";
}
