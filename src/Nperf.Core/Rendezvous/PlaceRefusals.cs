using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// Why a client cannot have the place that it was started for, and who is missing where places were given from outside.
/// </summary>
internal static class PlaceRefusals
{
    /// <summary>What does not fit between the server's place and the client's; null where all does.</summary>
    /// <param name="server">The server's place, or null where it numbers clients as they come.</param>
    /// <param name="self">The server and what it brings.</param>
    /// <param name="client">The client's name for people.</param>
    /// <param name="hello">What it said.</param>
    public static Failure? NoPlaceFor(AssignedPlace? server, Head self, string client, Hello hello)
    {
        string? reason = (server, hello.Assigned) switch
        {
            (null, null) => null,
            (null, { } place) => $"client {client} was started as {place}, and this server numbers its clients as they come: "
                + "start all processes in one mode",
            ({ } place, null) => $"client {client} was started without a rank, and the server as {place}: "
                + "start all processes in one mode",
            ({ } place, { } other) when other.WorldSize != place.WorldSize =>
                $"world sizes differ: server has {place.WorldSize}, client {client} was given {other.WorldSize}",
            (_, { Rank: 0 }) => $"rank 0 was given twice: to the server, {self.AsWhole.Host}, and to client {client}",
            (_, { } place) when place.Rank < 0 || place.Rank >= place.WorldSize =>
                $"client {client} was started as {place}; ranks go from 0 to {place.WorldSize - 1}",
            _ when hello.Ranks != self.Ranks => $"client {client} brings {hello.Ranks} ranks, the server {self.Ranks}: "
                + "where processes are numbered from outside each brings as many (-g)",
            _ when (hello.Processes ?? 1) != self.Processes.Length =>
                $"client {client} brings its {hello.Ranks} ranks in {Processes(hello.Processes ?? 1)}, the server in "
                + $"{Processes(self.Processes.Length)}: where processes are numbered from outside all do alike (--ranks-in; "
                + "NCCL takes processes: nperf doctor says whether it is missing on one of them)",
            _ => null,
        };
        return reason is null ? null : new Failure(FailureKind.Error, reason) { Host = hello.Host, Step = "rendezvous" };
    }

    /// <summary>The client's place has somebody else.</summary>
    public static Failure Taken(AssignedPlace place, Head taken, string client) => new(
        FailureKind.Error,
        $"rank {place.Rank} was given twice: to {taken.AsWhole.Host} ({taken.AsWhole.Address}), process "
        + $"{taken.AsWhole.ProcessId}, and to {client}");

    /// <summary>Who has come and who is missing once a wait of <paramref name="seconds"/> is over.</summary>
    public static Failure NotFilled(Roster roster, int worldSize, double seconds)
    {
        int[] missing = [.. roster.MissingOf(worldSize)];
        string ranks = missing.Length == 1 ? "rank" : "ranks";
        IEnumerable<string> joined = roster.Clients.Select(
            client => $"rank {client.Number} is {client.AsWhole.Host} ({client.AsWhole.Address})");
        return new Failure(
            FailureKind.Timeout,
            $"{roster.ClientCount + 1} of {worldSize} joined within {Wording.Seconds(seconds)}, "
            + $"missing {ranks} {Ranges(missing)}: "
            + string.Join(", ", joined.Prepend($"rank 0 is {roster.At(0)!.AsWhole.Host}")));
    }

    /// <summary>Ascending numbers, for example <c>1, 4-7</c>.</summary>
    internal static string Ranges(IReadOnlyList<int> numbers)
    {
        List<string> ranges = [];
        for (int i = 0; i < numbers.Count;)
        {
            int first = numbers[i];
            int last = first;
            while (++i < numbers.Count && numbers[i] == last + 1) last++;
            ranges.Add(last == first ? $"{first}" : $"{first}-{last}");
        }

        return string.Join(", ", ranges);
    }

    private static string Processes(int count) => count == 1 ? "1 process" : $"{count} processes";
}
