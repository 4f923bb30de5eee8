using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host.Tcp;

/// <summary>Where a process takes data connections. Port 0: it takes none.</summary>
/// <param name="Port">Its data port.</param>
/// <param name="Addresses">Its addresses, the likeliest first.</param>
internal sealed record DataEndpoint(int Port, IReadOnlyList<string> Addresses)
{
    private const string Step = "data addresses";

    /// <summary>Tells every process <paramref name="own"/>; returns each process's, by index. Collective.</summary>
    /// <exception cref="RunException">A process sent something else, or the exchange failed.</exception>
    public static DataEndpoint[] Exchange(Control control, DataEndpoint own)
    {
        byte[][]? gathered = control.Gather(JsonSerializer.SerializeToUtf8Bytes(own, DataEndpointJson.Default.DataEndpoint), Step);
        byte[] table = [];
        if (gathered is not null)
        {
            DataEndpoint[] endpoints = [.. gathered.Select((payload, index) => Read(payload, control.World.Processes[index]))];
            table = JsonSerializer.SerializeToUtf8Bytes(endpoints, DataEndpointJson.Default.DataEndpointArray);
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
        Port is >= 0 and <= IPEndPoint.MaxPort && Addresses is not null && Addresses.All(text => IPAddress.TryParse(text, out _));

    /// <summary>The endpoint that <paramref name="process"/> sent.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    internal static DataEndpoint Read(ReadOnlySpan<byte> payload, ProcessInfo process) => PayloadJson.Read(
        payload, DataEndpointJson.Default.DataEndpoint, $"the data addresses of {PayloadJson.NameOf(process)}",
        endpoint => endpoint.IsValid);

    /// <summary>The server's table for so many processes.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    internal static DataEndpoint[] ReadTable(ReadOnlySpan<byte> payload, int processes) => PayloadJson.Read(
        payload, DataEndpointJson.Default.DataEndpointArray, "the server's table of data addresses",
        table => table.Length == processes && table.All(endpoint => endpoint?.IsValid == true));
}

/// <summary>The JSON form of <see cref="DataEndpoint"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DataEndpoint))]
[JsonSerializable(typeof(DataEndpoint[]))]
internal sealed partial class DataEndpointJson : JsonSerializerContext;
