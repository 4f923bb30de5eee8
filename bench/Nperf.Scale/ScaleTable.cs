using System.Globalization;

namespace Nperf.Scale;

/// <summary>Trials as a Markdown table.</summary>
internal static class ScaleTable
{
    public const string Head =
        """
        | clients | token | rendezvous, ms | barrier, median, ms | p99, ms | of it the server's processor, ms | gather of 1 KiB each, ms | World, KiB | server's peak memory, MiB | descriptors |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """;

    public static string Row(Trial trial) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {trial.Clients} | {(trial.HasToken ? "yes" : "no")} | {trial.RendezvousMs:0} | {trial.Server.BarrierMs:0.00} "
        + $"| {trial.Server.SlowBarrierMs:0.00} | {trial.Server.BarrierCpuMs:0.00} | {trial.Server.GatherMs:0.00} "
        + $"| {trial.WorldBytes / 1024.0:0.0} | {trial.Server.PeakKiB / 1024.0:0} | {trial.Server.Descriptors} |");
}
