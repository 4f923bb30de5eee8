using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Core.Launch;

/// <summary>The token of a run that is launched: it has one, whoever asked for it.</summary>
internal static class LaunchToken
{
    private const int Bytes = 32;

    /// <summary>The text to hand to the hosts, and to nobody else: that of <paramref name="given"/>, else random.</summary>
    public static string Of(Token? given)
    {
        if (given is not null) return given.Reveal();
        byte[] token = new byte[Bytes];
        LibC.FillRandom(token);
        return Convert.ToHexStringLower(token);
    }
}
