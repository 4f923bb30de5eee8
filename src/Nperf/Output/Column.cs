using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>A column of the table.</summary>
/// <param name="Name">The first line of its heading.</param>
/// <param name="Unit">The second line: the unit.</param>
/// <param name="Width">How wide it is, without the space before it.</param>
/// <param name="Text">What stands in it for a result.</param>
internal sealed record Column(string Name, string Unit, int Width, Func<SizeResult, string> Text)
{
    /// <summary>On a narrow terminal the column with the highest number goes first; 0 stays.</summary>
    public int DroppedAs { get; init; }

    /// <summary>Words stand at the left, numbers at the right.</summary>
    public bool IsWord { get; init; }

    /// <summary><paramref name="text"/> in the width of this column; what is wider is not cut.</summary>
    public string Align(string text) => IsWord ? text.PadRight(Width) : text.PadLeft(Width);
}
