using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Host.Algorithms;

namespace Nperf.Core.Tests.Algorithms;

/// <summary>One run of an algorithm, and what it must leave behind on every rank.</summary>
internal sealed unsafe record AlgorithmCase(
    Algorithm Algorithm, Collective Collective, DataType Type, Reduction Reduction, long Count, int Root, bool InPlace)
{
    /// <summary>Every algorithm with every type, reduction and root that applies, in place too where it can be.</summary>
    public static IEnumerable<AlgorithmCase> All(
        Collective collective, IEnumerable<Algorithm> algorithms, IEnumerable<DataType> types,
        IEnumerable<Reduction> reductions, IEnumerable<long> counts, IEnumerable<int> roots) =>
        from algorithm in algorithms
        from type in types
        from reduction in collective.Reduces ? reductions : [Reduction.Sum]
        from count in collective.HasData ? counts : [0]
        from root in collective.HasRoot ? roots : [0]
        from inPlace in collective.CanBeInPlace ? [false, true] : (bool[])[false]
        select new AlgorithmCase(algorithm, collective, type, reduction, count, root, inPlace);

    /// <summary>Runs it as the rank of <paramref name="links"/> and compares every byte.</summary>
    public void Check(RankLinks links)
    {
        int n = links.WorldSize, rank = links.Rank, size = Type.Size();
        long sendCount = Collective.SendCount(Count, n, rank, Root);
        long receiveCount = Collective.ReceiveCount(Count, n, rank, Root);
        InPlace place = InPlace ? Collective.InPlaceOf(Count, n, rank, Root) : default;
        using var send = new GuardedBuffer((InPlace ? Math.Max(sendCount, receiveCount) : sendCount) * size);
        using GuardedBuffer? separate = InPlace ? null : new GuardedBuffer(receiveCount * size);
        GuardedBuffer receive = separate ?? send;
        byte* sendData = send.Data + place.SendOffset * size, receiveData = receive.Data + place.ReceiveOffset * size;
        for (long i = 0; i < sendCount; i++) Values.Store(Type, sendData, i, Values.Of(Type, Reduction, rank, i));

        using var sent = new GuardedBuffer(send.Bytes.Length);
        using var expected = new GuardedBuffer(receive.Bytes.Length);
        send.Bytes.CopyTo(sent.Bytes);
        receive.Bytes.CopyTo(expected.Bytes);
        byte* expectedData = expected.Data + place.ReceiveOffset * size;
        foreach (Segment segment in Collective.Expected(Count, n, rank, Root)) Store(segment, expectedData, n);

        Algorithm.Run(links, new CollectiveCall(
            Collective, Type, Reduction, Root, Count, (nint)sendData, (nint)receiveData, InPlace));

        int same = receive.Bytes.CommonPrefixLength(expected.Bytes);
        if (same < receive.Bytes.Length) Assert.Fail($"element {same / size} is wrong on rank {rank} of {n}: {this}");
        if (!receive.GuardsAreWhole) Assert.Fail($"written outside the receive buffer on rank {rank} of {n}: {this}");
        if (!InPlace && !send.Bytes.SequenceEqual(sent.Bytes))
            Assert.Fail($"send buffer changed on rank {rank} of {n}: {this}");
    }

    public override string ToString() =>
        $"{Collective.Name} by {Algorithm.Name}, {Type}, {Reduction}, count {Count}, root {Root}"
        + (InPlace ? ", in place" : "");

    private void Store(Segment segment, byte* expected, int worldSize)
    {
        for (long i = 0; i < segment.Count; i++)
        {
            double value = segment.SourceRank == Segment.AllRanks
                ? Values.Reduced(Type, Reduction, worldSize, segment.SourceOffset + i)
                : Values.Of(Type, Reduction, segment.SourceRank, segment.SourceOffset + i);
            Values.Store(Type, expected, segment.ReceiveOffset + i, value);
        }
    }
}
