using System.Runtime.InteropServices;
using Nperf.Native;

namespace Nperf.Core.Tests.Native;

/// <summary>What nccl.h says of the functions, numbers and structures that <see cref="Nccl"/> uses.</summary>
internal static class NcclDeclarations
{
    private const string OneBuffer = "size_t, ncclDataType_t, int, ncclComm_t, cudaStream_t";
    private const string TwoBuffers = "const void *, void *, size_t, ncclDataType_t";

    public static readonly Declaration[] Functions =
    [
        new("_getVersion", "ncclResult_t ncclGetVersion(int *)"),
        new("_getErrorString", "const char * ncclGetErrorString(ncclResult_t)"),
        new("_getLastError", "const char * ncclGetLastError(ncclComm_t)", 21300),
        new("_resetDebugInit", "void ncclResetDebugInit()", 22400),
        new("_getUniqueId", "ncclResult_t ncclGetUniqueId(ncclUniqueId *)"),
        new(
            "_commInitRankConfig",
            "ncclResult_t ncclCommInitRankConfig(ncclComm_t *, int, ncclUniqueId, int, ncclConfig_t *)"),
        new("_commFinalize", "ncclResult_t ncclCommFinalize(ncclComm_t)"),
        new("_commDestroy", "ncclResult_t ncclCommDestroy(ncclComm_t)"),
        new("_commAbort", "ncclResult_t ncclCommAbort(ncclComm_t)"),
        new("_commGetAsyncError", "ncclResult_t ncclCommGetAsyncError(ncclComm_t, ncclResult_t *)"),
        new("_allReduce", $"ncclResult_t ncclAllReduce({TwoBuffers}, ncclRedOp_t, ncclComm_t, cudaStream_t)"),
        new("_allGather", $"ncclResult_t ncclAllGather({TwoBuffers}, ncclComm_t, cudaStream_t)"),
        new("_broadcast", $"ncclResult_t ncclBroadcast({TwoBuffers}, int, ncclComm_t, cudaStream_t)"),
        new("_reduce", $"ncclResult_t ncclReduce({TwoBuffers}, ncclRedOp_t, int, ncclComm_t, cudaStream_t)"),
        new("_reduceScatter", $"ncclResult_t ncclReduceScatter({TwoBuffers}, ncclRedOp_t, ncclComm_t, cudaStream_t)"),
        new("_send", $"ncclResult_t ncclSend(const void *, {OneBuffer})"),
        new("_recv", $"ncclResult_t ncclRecv(void *, {OneBuffer})"),
        new("_allToAll", $"ncclResult_t ncclAlltoAll({TwoBuffers}, ncclComm_t, cudaStream_t)", 22800),
        new("_gather", $"ncclResult_t ncclGather({TwoBuffers}, int, ncclComm_t, cudaStream_t)", 22800),
        new("_scatter", $"ncclResult_t ncclScatter({TwoBuffers}, int, ncclComm_t, cudaStream_t)", 22800),
        new("_groupStart", "ncclResult_t ncclGroupStart()"),
        new("_groupEnd", "ncclResult_t ncclGroupEnd()"),
        new("_memAlloc", "ncclResult_t ncclMemAlloc(void **, size_t)", 21900),
        new("_memFree", "ncclResult_t ncclMemFree(void *)", 21900),
        new("_commRegister", "ncclResult_t ncclCommRegister(ncclComm_t, void *, size_t, void **)", 21900),
        new("_commDeregister", "ncclResult_t ncclCommDeregister(ncclComm_t, void *)", 21900),
        new(
            "_commWindowRegister",
            "ncclResult_t ncclCommWindowRegister(ncclComm_t, void *, size_t, ncclWindow_t *, int)", 22700),
        new("_commWindowDeregister", "ncclResult_t ncclCommWindowDeregister(ncclComm_t, ncclWindow_t)", 22700),
    ];

    /// <summary>The block's fields by their names in C, those of one version together.</summary>
    private static readonly (int Since, (string Field, string C)[] Fields)[] ConfigFields =
    [
        (21400, [("Size", "size"), ("Magic", "magic"), ("Version", "version"), ("Blocking", "blocking")]),
        (21700,
        [
            ("CgaClusterSize", "cgaClusterSize"), ("MinCtas", "minCTAs"), ("MaxCtas", "maxCTAs"),
            ("NetName", "netName"),
        ]),
        (21800, [("SplitShare", "splitShare")]),
        (22600, [("TrafficClass", "trafficClass")]),
        (22700,
        [
            ("CommName", "commName"), ("CollnetEnable", "collnetEnable"), ("CtaPolicy", "CTAPolicy"),
            ("ShrinkShare", "shrinkShare"), ("NvlsCtas", "nvlsCTAs"),
        ]),
        (22800,
        [
            ("ChannelsPerNetPeer", "nChannelsPerNetPeer"), ("NvlinkCentricSched", "nvlinkCentricSched"),
        ]),
        (22900, [("GraphUsageMode", "graphUsageMode"), ("RmaContexts", "numRmaCtx")]),
        (23000, [("MaxP2pPeers", "maxP2pPeers")]),
        (23005, [("GraphStreamOrdering", "graphStreamOrdering")]),
    ];

    public static IEnumerable<(string Name, long Value, int Since)> Numbers =>
    [
        .. Values<NcclStatus>(status => status switch
        {
            NcclStatus.RemoteError => 21300,
            NcclStatus.InProgress => 21400,
            NcclStatus.Timeout => 23000,
            _ => 0,
        }),
        // Bfloat16 has been there since 2.10, but in C++ alone.
        .. Values<NcclType>(type => type >= NcclType.Bfloat16 ? 22400 : 0),
        .. Values<NcclReduction>(_ => 0),
        ("sizeof(ncclUniqueId)", Marshal.SizeOf<NcclUniqueId>(), 0),
        ("NCCL_CONFIG_UNDEF_INT", NcclConfigBlock.Undefined, 21700),
        ("NCCL_API_MAGIC", NcclConfigBlock.MagicNumber, 22900),
        ("NCCL_WIN_COLL_SYMMETRIC", Nccl.SymmetricWindow, 22700),
        ("NCCL_CTA_POLICY_DEFAULT", NcclConfig.DefaultPolicy, 22700),
        ("NCCL_CTA_POLICY_EFFICIENCY", NcclConfig.EfficiencyPolicy, 22700),
        ("NCCL_CTA_POLICY_ZERO", NcclConfig.ZeroPolicy, 22800),
        .. ConfigFields.SelectMany(version => version.Fields.Select(row => (
            $"offsetof(ncclConfig_t, {row.C})",
            Marshal.OffsetOf<NcclConfigBlock>(row.Field).ToInt64(), version.Since))),
    ];

    /// <summary>How large the block is in the versions from one up to the next, and in the newest at least.</summary>
    public static IEnumerable<(int Since, int Before, int Bytes)> ConfigSizes()
    {
        int before = int.MaxValue;
        var sizes = new List<(int, int, int)>();
        foreach ((int since, int bytes) in NcclConfigBlock.Sizes)
        {
            sizes.Add((since, before, bytes));
            before = since;
        }

        return sizes;
    }

    private static IEnumerable<(string, long, int)> Values<T>(Func<T, int> since)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => ($"nccl{value}", Convert.ToInt64(value), since(value)));
}
