using CsCheck;
using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;

namespace Nperf.Core.Tests.Pairs;

public class PeerOrderTests
{
    [Fact]
    public void An_order_arrives_as_it_was_sent() =>
        Gen.Select(Gen.Int[2, 20], Gen.Int[0, 1000], Gen.Bool).Sample((ranks, seed, inTurns) =>
        {
            int[] some = [.. Enumerable.Range(0, ranks)];
            new Random(seed).Shuffle(some);
            PeerExchange exchange = inTurns
                ? PeerExchange.Turns(ranks, [(some[0], some[1])])
                : PeerExchange.Ring(ranks, some[..Math.Max(2, ranks / 2)]);
            PeerOrder order = PeerOrder.FromBytes(new PeerOrder(exchange, 4096).ToBytes(), ranks, 4096)!;

            Assert.Equal((4096, inTurns), (order.Bytes, order.Exchange.InTurns));
            Assert.Equal(exchange.Receivers, order.Exchange.Receivers);
        });

    [Fact]
    public void What_is_no_order_is_refused_whatever_it_is() =>
        Gen.Byte.Array[1, 40].Sample(bytes =>
        {
            try
            {
                PeerOrder.FromBytes(bytes, 3, 4096);
            }
            catch (RunException refused)
            {
                Assert.Contains("cannot be read", refused.Message, StringComparison.Ordinal);
            }
        });

    [Fact]
    public void Nothing_ends_the_run() => Assert.Null(PeerOrder.FromBytes([], 3, 4096));

    [Theory]
    [InlineData(new[] { 1, 1, -1 }, false)]
    [InlineData(new[] { 2, 2, -1 }, false)]
    [InlineData(new[] { 0, -1, -1 }, false)]
    [InlineData(new[] { 3, -1, -1 }, false)]
    [InlineData(new[] { 1, 2, 0 }, true)]
    public void Nobody_sends_to_itself_or_a_stranger_and_nobody_hears_two(int[] to, bool inTurns) =>
        Assert.Throws<ArgumentException>(() => new PeerExchange(to, inTurns));
}
