using Nperf.Core.Expectations;
using Nperf.Core.Options;
using Nperf.Launch;

namespace Nperf.Arguments;

/// <summary>How a topology is shown.</summary>
internal enum TopologyFormat
{
    /// <summary>As <c>nvidia-smi topo -m</c> does.</summary>
    Matrix,

    /// <summary>From the host down to the devices.</summary>
    Tree,

    /// <summary>For Graphviz.</summary>
    Dot,

    /// <summary>For scripts.</summary>
    Json,
}

/// <summary>The form in which a run's figures are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people, a row a size as it is finished.</summary>
    Table,

    /// <summary>The whole document.</summary>
    Json,

    /// <summary>A line a size, with a header.</summary>
    Csv,

    /// <summary>As nccl-tests prints it.</summary>
    NcclTests,

    /// <summary>Metrics for node_exporter's textfile collector.</summary>
    Prometheus,

    /// <summary>A line of JSON for each thing that happens, as it happens.</summary>
    JsonStream,
}

/// <summary>What concerns the console and files of this process.</summary>
internal sealed record ConsoleOptions
{
    /// <summary>What is printed.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>Where that goes; null is standard output.</summary>
    public string? Output { get; init; }

    /// <summary>What the figures have to be.</summary>
    public IReadOnlyList<Expectation> Expectations { get; init; } = [];

    /// <summary>Say more.</summary>
    public bool Verbose { get; init; }

    /// <summary>Show what NCCL connects the ranks with.</summary>
    public bool ShowsTransport { get; init; }

    /// <summary>Show stack traces of failures.</summary>
    public bool Debug { get; init; }

    /// <summary>Seconds between two progress reports; 0 for none.</summary>
    public double IntervalSeconds { get; init; } = 1;

    /// <summary>How the topology is shown, where it is.</summary>
    public TopologyFormat TopologyFormat { get; init; }
}

/// <summary>What <c>nperf doctor</c> is to look at.</summary>
/// <param name="NcclLibrary">The libnccl that was named, or null: the usual places.</param>
internal sealed record DoctorOptions(string? NcclLibrary);

/// <summary>What <c>nperf compare</c> is to set against each other.</summary>
/// <param name="Base">Files and folders of documents: the runs before.</param>
/// <param name="New">The runs after.</param>
/// <param name="MaxRegression">By which part of the time the new runs may be slower.</param>
/// <param name="Force">Compare what all measured, also where the runs were not of the same thing.</param>
/// <param name="Json">Print one JSON document.</param>
internal sealed record CompareOptions(
    IReadOnlyList<string> Base, IReadOnlyList<string> New, double MaxRegression, bool Force, bool Json);

/// <summary>What <c>nperf report</c> writes.</summary>
internal enum ReportFormat
{
    /// <summary>A page with everything.</summary>
    Html,

    /// <summary>One chart.</summary>
    Svg,

    /// <summary>One chart, drawn by a browser.</summary>
    Png,
}

/// <summary>What <c>nperf report</c> is to show.</summary>
/// <param name="Files">Files and folders of documents.</param>
/// <param name="Output">Where it goes; null is standard output.</param>
/// <param name="Format">As what.</param>
/// <param name="Figure">Which chart, where it is one.</param>
/// <param name="Only">What the names of the results have to have in them, or null.</param>
internal sealed record ReportOptions(
    IReadOnlyList<string> Files, string? Output, ReportFormat Format, Reports.ChartFigure Figure, string? Only);

/// <summary>
/// What a command line asked for: exactly one of a text to print (<see cref="Text"/>, exit 0), mistakes
/// (<see cref="Errors"/>, exit 2), a look at the machine (<see cref="Doctor"/>), a run on other hosts
/// (<see cref="Launch"/>), a comparison (<see cref="Compare"/>), a report (<see cref="Report"/>) and, where all are absent, a run.
/// </summary>
internal sealed record ParsedCommand
{
    /// <summary>What to run.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>How this process joins the run.</summary>
    public ProcessOptions Process { get; init; } = new();

    /// <summary>What concerns the console.</summary>
    public ConsoleOptions Console { get; init; } = new();

    /// <summary>Long names, with dashes, of the options typed that every process of a run must agree on.</summary>
    public IReadOnlySet<string> Given { get; init; } = new HashSet<string>();

    /// <summary>What to look at instead of a run, or null.</summary>
    public DoctorOptions? Doctor { get; init; }

    /// <summary>What to start on other hosts, or null.</summary>
    public LaunchOptions? Launch { get; init; }

    /// <summary>What to compare, or null.</summary>
    public CompareOptions? Compare { get; init; }

    /// <summary>What to show, or null.</summary>
    public ReportOptions? Report { get; init; }

    /// <summary>The help text or the version, without the last line feed, or null.</summary>
    public string? Text { get; init; }

    /// <summary>Every mistake, one line each, in the order of the options; empty when there is none.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
