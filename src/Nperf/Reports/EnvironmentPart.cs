using Nperf.Core.Results;
using Nperf.Output;

namespace Nperf.Reports;

/// <summary>The machines and their software, and the command that repeats a run.</summary>
internal static class EnvironmentPart
{
    public static Markup Build(IReadOnlyList<ReportRun> runs) => Markup.Of($"""
        <section aria-labelledby="environment"><h2 id="environment">Environment</h2>
        {Markup.Join(runs.Select(run => Run(run, runs.Count > 1)))}
        </section>

        """);

    private static Markup Run(ReportRun run, bool isNamed) => Markup.Of($"""
        {(isNamed ? Markup.Of($"<h3>{run.Name}</h3>") : Markup.None)}
        <p>To repeat the run:</p>
        <pre class="scroll" tabindex="0" role="group" aria-label="Command that repeats the run">{RepeatCommand.Of(run.Document)}</pre>
        {(RepeatCommand.Lacking(run.Document) is { Length: > 0 } lacking ? Markup.Of($"<p>{lacking}</p>") : Markup.None)}
        <dl class="facts">{Markup.Join(Facts(run.Document).Where(fact => fact.Value is not null).Select(fact => Markup.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>")))}</dl>
        {(run.Document.Environment.Variables.Count == 0 ? Markup.None : Markup.Of($"""
            <p>Variables that were set:</p><ul class="variables">{Markup.Join(run.Document.Environment.Variables.Select(one => Markup.Of($"<li><code>{one.Key}={one.Value}</code></li>")))}</ul>
            """))}
        """);

    private static IEnumerable<(string Name, string? Value)> Facts(ResultsDocument document)
    {
        EnvironmentSection environment = document.Environment;
        yield return ("host that wrote the document", environment.Hostname);
        yield return ("operating system", environment.OperatingSystem);
        yield return ("processor", $"{environment.Processor}, {ReportPage.Count(environment.ProcessorCount, "processor")} in use");
        yield return ("nperf", document.Version);
        yield return ("NCCL", environment.NcclVersion);
        yield return ("libnccl", environment.NcclLibrary);
        yield return ("CUDA driver", environment.CudaVersion);
        yield return ("NVIDIA driver", environment.DriverVersion);
        yield return ("MPI", environment.MpiVersion);
        yield return ("libmpi", environment.MpiLibrary);
        yield return ("TCP congestion control", environment.TcpCongestionControl);
        yield return ("transports", document.Transports);
        if (document.Nccl is not { } nccl) yield break;
        yield return ("NCCL's network", nccl.Network is null ? null : string.Join(", ", nccl.NetworkDevices.Prepend(nccl.Network)));
        yield return ("NCCL's channels", nccl.Channels is { } channels ? $"{channels}, {nccl.NvlsChannels ?? 0} for NVLink SHARP, {nccl.P2pChannels ?? 0} for send and receive" : null);
        yield return ("NCCL's initialisation", nccl.InitMs is { } ms ? $"{NumberFormat.Time(ms)} ms" : null);
        foreach (string warning in nccl.Warnings) yield return ("NCCL warns", warning);
    }
}
