using Nperf.Native;

namespace Nperf.Core.Launch;

/// <summary>The token of a run that was launched.</summary>
public static class LaunchToken
{
    private const int Bytes = 32;

    /// <summary>Random, in 64 hexadecimal digits.</summary>
    public static string New()
    {
        byte[] token = new byte[Bytes];
        LibC.FillRandom(token);
        return Convert.ToHexStringLower(token);
    }
}
