namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The ranks form a chain that ends at the root; each adds its own data to what arrives and passes it on at once. One
/// stream of S bytes sent a rank (none by the root), n-1 links long. Source: the pipelined chain of Barnett, Gupta,
/// Payne, Shuler, van de Geijn, Watts (1994), run backwards.
/// </summary>
internal sealed unsafe class ChainReduce : Algorithm
{
    /// <summary>What goes through the scratch memory of a rank in the middle at a time: it stays in cache.</summary>
    private const int Segment = 256 << 10;

    public override string Name => "chain";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint bytes = call.CountBytes();
        int place = links.PlaceFrom(call.Root);
        bool first = place == 1;
        bool root = place == 0;
        ReductionKernel kernel = call.Kernel();
        byte* scratch = root || first ? null : links.Scratch(Math.Min(Segment, bytes));
        for (nint done = 0; done < bytes; done += Segment)
        {
            nint length = Math.Min(Segment, bytes - done);
            byte* own = (byte*)call.Send + done;
            byte* sum = root ? (byte*)call.Receive + done : first ? own : scratch;
            var outgoing = new Piece((nint)sum, length);
            var incoming = new Piece((nint)sum, length, (nint)own);
            links.Pipeline(
                links.At(1), root ? default : new(in outgoing), lead: first ? length : 0,
                links.At(-1), first ? default : new(in incoming), kernel);
            if (root) call.Finish(sum, length, links.WorldSize);
        }
    }
}
