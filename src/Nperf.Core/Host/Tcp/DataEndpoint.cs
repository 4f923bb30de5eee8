using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host.Tcp;

/// <summary>
/// Where a process takes data connections. Port 0: it takes none. A process has one for each interface that was named to it,
/// else a single one; stream i of a pair goes to number i of them, counted round.
/// </summary>
/// <param name="Port">Its data port.</param>
/// <param name="Addresses">Its addresses, the likeliest first.</param>
internal sealed record DataEndpoint(int Port, IReadOnlyList<string> Addresses)
{
    private const string Step = "data addresses";
    private const int LongestName = 64;

    /// <summary>The most addresses of one endpoint: more than a machine has that is reached by trying them in turn.</summary>
    internal const int MostAddresses = 64;

    /// <summary>The name of the interface, where one was named; it then has one address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Interface { get; init; }

    /// <summary>Tells every process <paramref name="own"/>; returns each process's, by index. Collective.</summary>
    /// <exception cref="RunException">A process sent something else, or the exchange failed.</exception>
    public static DataEndpoint[][] Exchange(Control control, DataEndpoint[] own)
    {
        byte[][]? gathered = control.Gather(JsonSerializer.SerializeToUtf8Bytes(own, DataEndpointJson.Default.DataEndpointArray), Step);
        byte[] table = [];
        if (gathered is not null)
        {
            DataEndpoint[][] endpoints = [.. gathered.Select((payload, index) => Read(payload, control.World.Processes[index]))];
            table = JsonSerializer.SerializeToUtf8Bytes(endpoints, DataEndpointJson.Default.DataEndpointArrayArray);
        }

        return ReadTable(control.Broadcast(0, table, Step), control.World.Processes.Count);
    }

    /// <summary>The addresses to try from <paramref name="self"/> to this endpoint of <paramref name="peer"/>, the likeliest first.</summary>
    public IEnumerable<IPEndPoint> Candidates(ProcessInfo self, ProcessInfo peer)
    {
        IEnumerable<IPAddress> addresses = Addresses.Select(IPAddress.Parse);
        addresses = self.MachineId == peer.MachineId
            ? addresses.Append(IPAddress.Loopback)
            : addresses.Where(address => !IPAddress.IsLoopback(address));
        return addresses.Distinct().Select(address => new IPEndPoint(address, Port));
    }

    [JsonIgnore]
    private bool IsValid =>
        Port is >= 0 and <= IPEndPoint.MaxPort && Addresses is { Count: <= MostAddresses } && Addresses.All(text => IPAddress.TryParse(text, out _))
        && (Interface is null || (Interface.Length is > 0 and <= LongestName && Addresses.Count == 1));

    /// <summary>The endpoints that <paramref name="process"/> sent.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    internal static DataEndpoint[] Read(ReadOnlySpan<byte> payload, ProcessInfo process) => PayloadJson.Read(
        payload, DataEndpointJson.Default.DataEndpointArray, $"the data addresses of {PayloadJson.NameOf(process)}", AreValid);

    /// <summary>The server's table for so many processes.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    internal static DataEndpoint[][] ReadTable(ReadOnlySpan<byte> payload, int processes) => PayloadJson.Read(
        payload, DataEndpointJson.Default.DataEndpointArrayArray, "the server's table of data addresses",
        table => table.Length == processes && table.All(AreValid));

    private static bool AreValid(DataEndpoint[]? endpoints) =>
        endpoints?.Length is > 0 and <= RunOptions.MostStreams && endpoints.All(endpoint => endpoint?.IsValid == true);
}

/// <summary>The JSON form of <see cref="DataEndpoint"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DataEndpoint[]))]
[JsonSerializable(typeof(DataEndpoint[][]))]
internal sealed partial class DataEndpointJson : JsonSerializerContext;
