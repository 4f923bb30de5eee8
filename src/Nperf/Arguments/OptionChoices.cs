using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>The values of options that have few: for completion.</summary>
internal static class OptionChoices
{
    private static readonly Dictionary<OptionDefinition, IReadOnlyList<string>> Names = new()
    {
        [OptionTable.RanksIn] = Lists.NamesOf<RanksIn>(),
        [OptionTable.Op] = [.. Operations.All.Select(operation => operation.Name), Lists.AllNames],
        [OptionTable.Pattern] = Lists.PatternNames,
        [OptionTable.DType] = [.. DataTypes.All.Select(type => type.Name()), Lists.AllNames],
        [OptionTable.RedOp] = [.. Reductions.All.Select(reduction => reduction.Name()), Lists.AllNames],
        [OptionTable.InPlace] = Lists.NamesOf<InPlaceMode>(),
        [OptionTable.Verify] = Lists.NamesOf<VerifyMode>(),
        [OptionTable.Backend] = Lists.NamesOf<Backend>(),
        [OptionTable.Transport] = Lists.NamesOf<Transport>(),
        [OptionTable.Algo] = [.. NcclSettings.AlgorithmNames.Union(HostAlgorithms.Names)],
        [OptionTable.Wait] = Lists.NamesOf<WaitMode>(),
        [OptionTable.Proto] = NcclSettings.ProtocolNames,
        [OptionTable.Register] = Lists.NamesOf<Registration>(),
        [OptionTable.CtaPolicy] = Lists.NamesOf<CtaPolicy>(),
        [OptionTable.Sync] = Lists.NamesOf<SyncMode>(),
        [OptionTable.TopoFormat] = Lists.NamesOf<TopologyFormat>(),
        [OptionTable.Format] = Lists.FormatNames,
        [OptionTable.ExpectPreset] = [.. ExpectationPresets.Names],
        [ReportLine.Format] = Lists.NamesOf<ReportFormat>(),
        [ReportLine.Chart] = Lists.NamesOf<Reports.ChartFigure>(),
    };

    /// <summary>The values that <paramref name="option"/> takes; none where they are too many to be named.</summary>
    public static IReadOnlyList<string> Of(OptionDefinition option) => Names.GetValueOrDefault(option) ?? [];
}
