namespace Nperf.Core.Pairs;

/// <summary>
/// Every pair of ranks once, in rounds of disjoint pairs. By the circle method (a round-robin tournament: one player stands
/// still, the others move on by one each round): n - 1 rounds for n ranks, n where n is odd and one of them rests.
/// </summary>
internal static class PairSchedule
{
    /// <summary>The rounds of so many ranks.</summary>
    public static IReadOnlyList<IReadOnlyList<(int One, int Other)>> Of(int ranks)
    {
        int places = ranks + ranks % 2, circle = places - 1;
        var rounds = new List<IReadOnlyList<(int, int)>>();
        for (int round = 0; ranks > 1 && round < circle; round++)
        {
            var pairs = new List<(int, int)>();
            Add(round, circle);
            for (int step = 1; step < places / 2; step++) Add((round + step) % circle, (round - step + circle) % circle);
            rounds.Add(pairs);

            void Add(int one, int other)
            {
                if (Math.Max(one, other) < ranks) pairs.Add((Math.Min(one, other), Math.Max(one, other)));
            }
        }

        return rounds;
    }

    /// <summary>
    /// The rounds of ranks on <paramref name="hosts"/>. Where each has as many, the pairs of a round are either all within hosts or
    /// all between them, as many between the same two: then each network adapter carries as much as the others, and figures
    /// of a round compare. That takes n - 1 rounds too where hosts and ranks of a host are even in number.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<(int One, int Other)>> Of(IReadOnlyList<IReadOnlyList<int>> hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        int each = hosts[0].Count;
        if (hosts.Count == 1 || each == 1 || hosts.Any(host => host.Count != each)) return Of(hosts.Sum(host => host.Count));
        IEnumerable<IReadOnlyList<(int, int)>> within = Of(each).Select(
            round => hosts.SelectMany(host => round.Select(pair => Pair(host[pair.One], host[pair.Other]))).ToArray());
        IEnumerable<IReadOnlyList<(int, int)>> between =
            from round in Of(hosts.Count)
            from shift in Enumerable.Range(0, each)
            select round.SelectMany(pair => Enumerable.Range(0, each).Select(
                place => Pair(hosts[pair.One][place], hosts[pair.Other][(place + shift) % each]))).ToArray();
        return [.. within, .. between];
    }

    private static (int, int) Pair(int one, int other) => (Math.Min(one, other), Math.Max(one, other));
}
