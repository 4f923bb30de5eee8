namespace Nperf.Reports;

/// <summary>What the page is, and whose charts it has.</summary>
internal static class AboutPart
{
    public static Markup Build() => Markup.Of($"""
        <section aria-labelledby="about"><h2 id="about">About this page</h2>
        <p>Written by nperf {Arguments.CommandLine.ProgramVersion}. It is whole: it loads nothing, and sends nothing.
        Time is that of one iteration, bandwidth counts 10<sup>9</sup> bytes, sizes 1024. p99 is the 99th percentile of the single iterations of all ranks.</p>
        <details class="more"><summary>Licences</summary>
        <p>The charts are drawn by Apache ECharts 6.0.0 and its renderer ZRender, and come with echarts-stat, all as the package Vizor.ECharts has them.
        Apache ECharts, Copyright 2017-2026 The Apache Software Foundation. This product includes software developed at The Apache Software Foundation
        (https://www.apache.org/), licensed under the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0). Vizor.ECharts, Copyright 2023-2026 DataHint BV,
        is under the same licence. ZRender, Copyright 2017 Baidu Inc., and echarts-stat are under the BSD 3-clause licence; tslib, Copyright Microsoft Corporation, under its own,
        which stands with the others at the head of the script. nperf is under the MIT licence.</p>
        </details></section>
        """);
}
