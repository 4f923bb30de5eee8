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

    public static Failure? OtherVersion(Connection client, Hello hello) =>
        hello.Version == ThisProcess.Version ? null : VersionsDiffer(ThisProcess.Version, Name(client, hello), hello.Version);

    public static Failure VersionsDiffer(string serverVersion, string client, string clientVersion) => new(
        FailureKind.Error,
        $"versions of nperf differ: server has {serverVersion}, client {client} has {clientVersion}: "
        + "run one version on every host");

    /// <summary>Every option given to the client that is not the server's, with both values; null when there is none.</summary>
    public static Failure? OtherOptions(RunOptions options, Hello hello)
    {
        string[] differences =
        [
            .. hello.Given
                .Select(given => (Name: given.Key, Given: given.Value, Server: RunOptionsText.Of(options, given.Key)))
                .Where(option => option.Given != option.Server)
                .OrderBy(option => option.Name, StringComparer.Ordinal)
                .Select(option => PrintableText.From(
                    $"{option.Name}: server has {option.Server ?? "no such option"}, "
                    + $"client {hello.Host} was given {option.Given}")),
        ];
        return differences.Length == 0
            ? null
            : new Failure(FailureKind.OptionsDiffer, $"options differ: {string.Join("; ", differences)}")
            {
                Host = hello.Host,
                Step = "rendezvous",
            };
    }

    public static Failure Full(int clients) => new(
        FailureKind.Error,
        $"the run is full: it has its {(clients == 1 ? "client" : $"{clients} clients")} already; "
        + "start the server with a larger -n, or wait for the next run");

    private static string Name(Connection client, Hello hello) => $"{hello.Host} ({client.RemoteAddress})";
}
