using Nperf.Core.Results;
using Nperf.Output;
using static Nperf.Reports.ReportPage;

namespace Nperf.Reports;

/// <summary>Which rank is where, and what connects them: drawn a host at a time, and as tables.</summary>
internal static class TopologyPart
{
    /// <summary>Hosts that are drawn; all are in the table.</summary>
    private const int MostHosts = 32;

    public static Markup Build(IReadOnlyList<ReportRun> runs) => Markup.Of($"""
        <section aria-labelledby="topology"><h2 id="topology">Topology</h2>
        {Markup.Join(OncePerWorld(runs).Select(one => Run(one.Run, runs.Count > 1 ? one.Names : null)))}
        </section>

        """);

    /// <summary>Runs of the same ranks on the same hosts are drawn once.</summary>
    private static IEnumerable<(ReportRun Run, string Names)> OncePerWorld(IReadOnlyList<ReportRun> runs) => runs
        .GroupBy(run => string.Join('\n', run.Document.Processes.Select(process => $"{process.Host} {string.Join(',', process.Ranks)} {string.Join(',', process.Gpus ?? [])}"))
            + run.Document.Transports + run.Document.Config.Backend)
        .Select(same => (same.First(), string.Join(", ", same.Select(run => run.Name))));

    private static Markup Run(ReportRun run, string? names)
    {
        ResultsDocument document = run.Document;
        string[] hosts = [.. document.Processes.Select(process => process.Host).Distinct()];
        if (hosts.Length == 0) return Markup.Of($"<p>{(names is null ? "" : $"{names}: ")}The processes never found each other.</p>");
        string more = hosts.Length > MostHosts ? $" The first {MostHosts} of {hosts.Length} hosts are drawn." : "";
        return Markup.Of($"""
            {(names is null ? Markup.None : Markup.Of($"<h3>{names}</h3>"))}
            <p>{Count(document.Config.NumGpus, "rank")} in {Count(document.Processes.Count, "process", "processes")} on {Count(hosts.Length, "host")}.{more}</p>
            <div class="hosts">{Markup.Join(hosts.Take(MostHosts).Select(host => HostDrawing.Draw(run, host)))}</div>
            {(hosts.Length > 1 ? Markup.Of($"""<p class="network">between the hosts: {NetworkOf(document)}</p>""") : Markup.None)}
            <details class="more"><summary>Ranks as a table</summary>{RankTable(run)}</details>
            {Connections(document)}
            """);
    }

    private static string NetworkOf(ResultsDocument document) =>
        document.Nccl?.Network is { } network ? string.Join(", ", document.Nccl.NetworkDevices.Prepend($"NCCL over {network}"))
        : document.Config.Backend == "mpi" ? document.Environment.MpiVersion ?? "MPI"
        : document.Config.Backend == "host" ? $"TCP{(document.Environment.TcpCongestionControl is { } control ? $" ({control})" : "")}"
        : "not told";

    private static Markup RankTable(ReportRun run)
    {
        bool hasGpus = run.Document.Topology.Gpus.Count > 0;
        return Markup.Of($"""
            <div class="scroll" tabindex="0" role="group" aria-label="Table of the ranks"><table><caption>Ranks</caption><thead><tr><th scope="col">rank</th><th scope="col">host</th><th scope="col">process</th><th scope="col">address</th>
            {(hasGpus ? new Markup("<th scope=\"col\">GPU</th><th scope=\"col\">model</th><th scope=\"col\">PCI address</th><th scope=\"col\">NUMA node</th><th scope=\"col\">NVLinks</th>") : Markup.None)}</tr></thead><tbody>
            {Markup.Join(from process in run.Document.Processes from rank in process.Ranks select Rank(run, process, rank, hasGpus))}
            </tbody></table></div>
            """);
    }

    private static Markup Rank(ReportRun run, ProcessSection process, int rank, bool hasGpus)
    {
        GpuSection? gpu = hasGpus ? run.GpuOf(rank) : null;
        string[] cells = !hasGpus ? [] : gpu is null ? ["-", "-", "-", "-", "-"]
            : [$"{gpu.Id}", gpu.Name, gpu.PciBusId, gpu.NumaNode is { } node ? $"{node}" : "-", gpu.NvLinks is { } links ? $"{links}" : "-"];
        string address = string.Join(", ", (process.Interfaces ?? []).Select(one => $"{one.Name} {one.Address}").Prepend(process.Address));
        return Markup.Of($"""
            <tr><th scope="row">{rank}</th><td>{process.Host}</td><td class="n">{process.ProcessId}</td><td>{address}</td>{Markup.Join(cells.Select(cell => Markup.Of($"<td>{cell}</td>")))}</tr>
            """);
    }

    private static Markup Connections(ResultsDocument document)
    {
        if (document.Nccl is not { Connections.Count: > 0 } nccl) return Markup.None;
        var kinds = nccl.Connections.GroupBy(one => (one.Transport, one.SendRecv)).OrderBy(kind => kind.Key.SendRecv).ThenByDescending(kind => kind.Count());
        return Markup.Of($"""
            <div class="scroll" tabindex="0" role="group" aria-label="Table of NCCL's connections"><table><caption>What NCCL connects the ranks with</caption>
            <thead><tr><th scope="col">transport</th><th scope="col">for</th><th scope="col" class="n">connections</th><th scope="col" class="n">channels</th></tr></thead><tbody>
            {Markup.Join(kinds.Select(kind => Markup.Of($"""
                <tr><th scope="row">{kind.Key.Transport}</th><td>{(kind.Key.SendRecv ? "send and receive" : "collectives")}</td><td class="n">{kind.Count()}</td><td class="n">{Range(kind.Select(one => one.Channels))}</td></tr>
                """)))}</tbody></table></div>
            """);
    }

    private static string Range(IEnumerable<int> numbers) =>
        numbers.Min() == numbers.Max() ? NumberFormat.Whole(numbers.Min()) : $"{numbers.Min()} to {numbers.Max()}";
}
