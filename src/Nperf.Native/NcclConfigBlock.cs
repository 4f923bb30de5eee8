using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>
/// ncclConfig_t of NCCL 2.30. Every version only appended to it, so that an older one is told a smaller size.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NcclConfigBlock
{
    /// <summary>What tells that the block was filled in.</summary>
    public const uint MagicNumber = 0xcafebeef;

    /// <summary>NCCL_CONFIG_UNDEF_INT.</summary>
    public const int Undefined = int.MinValue;

    /// <summary>The version whose block this is; a newer NCCL takes it for what it is.</summary>
    private const int Newest = 23007;

    /// <summary>More channels than any version has.</summary>
    private const int ManyCtas = 64;

    public nuint Size;
    public uint Magic;
    public uint Version;
    public int Blocking;
    public int CgaClusterSize;
    public int MinCtas;
    public int MaxCtas;
    public nint NetName;
    public int SplitShare;
    public int TrafficClass;
    public nint CommName;
    public int CollnetEnable;
    public int CtaPolicy;
    public int ShrinkShare;
    public int NvlsCtas;
    public int ChannelsPerNetPeer;
    public int NvlinkCentricSched;
    public int GraphUsageMode;
    public int RmaContexts;
    public int MaxP2pPeers;
    public int GraphStreamOrdering;

    /// <summary>The sizes that the block has had, each since which version code; the newest first.</summary>
    internal static ReadOnlySpan<(int Since, int Bytes)> Sizes =>
        new (int, int)[] { (23000, 96), (22900, 88), (22800, 80), (22700, 72), (21800, 48), (21700, 40), (21400, 24) };

    /// <summary>What <paramref name="config"/> says, for the NCCL of version code <paramref name="version"/>.</summary>
    /// <exception cref="LibraryException">That one is too old for something in it.</exception>
    public static NcclConfigBlock For(NcclConfig config, int version)
    {
        bool zero = config.CtaPolicy == NcclConfig.ZeroPolicy;
        Demand(config.CtaPolicy, zero ? "the CTA policy zero" : "a CTA policy", version, zero ? 22800 : 22700);
        Demand(config.MinCtas ?? config.MaxCtas, "a number of CTAs", version, 21700);
        int minCtas = config.MinCtas ?? Undefined;
        return new NcclConfigBlock
        {
            Size = SizeOf(version),
            Magic = MagicNumber,
            Version = (uint)Math.Min(version, Newest),
            Blocking = config.Blocking ? 1 : 0,
            CgaClusterSize = Undefined,
            MinCtas = minCtas,
            // NCCL compares the two before it fills in what is undefined, which is the least number there is.
            MaxCtas = config.MaxCtas ?? (config.MinCtas is null ? Undefined : Math.Max(minCtas, ManyCtas)),
            SplitShare = Undefined,
            TrafficClass = Undefined,
            CollnetEnable = Undefined,
            CtaPolicy = config.CtaPolicy ?? Undefined,
            ShrinkShare = Undefined,
            NvlsCtas = Undefined,
            ChannelsPerNetPeer = Undefined,
            NvlinkCentricSched = Undefined,
            GraphUsageMode = Undefined,
            RmaContexts = Undefined,
            MaxP2pPeers = Undefined,
            GraphStreamOrdering = Undefined,
        };
    }

    private static nuint SizeOf(int version)
    {
        foreach ((int since, int bytes) in Sizes)
            if (version >= since) return (nuint)bytes;
        throw new LibraryException($"NCCL {VersionText(version)} is too old: 2.14 is the oldest that takes settings");
    }

    private static void Demand(int? value, string what, int version, int since)
    {
        if (value is null || version >= since) return;
        throw new LibraryException(
            $"NCCL {VersionText(version)} cannot be given {what}: that came with {since / 10000}.{since % 10000 / 100}");
    }

    private static string VersionText(int code) => $"{code / 10000}.{code % 10000 / 100}.{code % 100}";
}
