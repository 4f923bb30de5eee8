using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// The place in a run that a member process takes: one of those that the server reserved for the process that started
/// it. It goes through the member's standard input, as one line of JSON: the secrets are on no command line.
/// </summary>
internal sealed record MemberPlace
{
    /// <summary>The server's address, as the process that started this one reached it.</summary>
    public required string Host { get; init; }

    /// <summary>The server's port.</summary>
    public required int Port { get; init; }

    /// <summary>The index of the process that started this one.</summary>
    public required int MemberOf { get; init; }

    /// <summary>Which of its members: from 1 on.</summary>
    public required int Member { get; init; }

    /// <summary>What the server told to that process alone: it shows that this one belongs to it.</summary>
    public required string Secret { get; init; }

    /// <summary>The run's token, where it has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenText { get; init; }

    /// <summary>The options of a process that takes this place, where the user gave <paramref name="options"/>.</summary>
    public ProcessOptions Apply(ProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with
        {
            Mode = Mode.Client,
            ServerHost = Host,
            Port = Port,
            Assigned = null,
            RanksPerProcess = 1,
            RanksIn = RanksIn.Threads,
            Place = this,
            Token = ReadToken(TokenText),
        };
    }

    internal byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJson.Default.MemberPlace), (byte)'\n'];

    /// <summary>The place in <paramref name="line"/>, or null where there is none in it.</summary>
    internal static MemberPlace? FromLine(string line)
    {
        try
        {
            MemberPlace? place = JsonSerializer.Deserialize(line, ProtocolJson.Default.MemberPlace);
            bool isSound = place is { Member: > 0, MemberOf: >= 0, Port: > 0 and <= IPEndPoint.MaxPort }
                && (place.TokenText is null || ReadToken(place.TokenText) is not null);
            return isSound ? place : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Token? ReadToken(string? text) =>
        text is not null && Token.Read(text, out Token? token) is null ? token : null;
}
