namespace Nperf.Chaos;

/// <summary>What became of a run.</summary>
internal sealed record Outcome(RunPlan Plan)
{
    /// <summary>What is wrong; nothing where all is as promised.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Names left behind where that is known and documented.</summary>
    public List<string> KnownRemains { get; } = [];

    /// <summary>True where SIGKILL, or the kernel with it, ended all processes of a host.</summary>
    public bool AllKilled { get; set; }

    /// <summary>True where SIGKILL ended whom the deed was done to.</summary>
    public bool VictimKilled { get; set; }

    /// <summary>True where who wrote the document was killed when a part of it had gone out.</summary>
    public bool CutOff { get; set; }

    /// <summary>True where the run had ended, or ended well all the same.</summary>
    public bool EndedWell { get; set; }

    /// <summary>During what it was ended.</summary>
    public string Step { get; set; } = "";

    /// <summary>
    /// From the deed until the first survivor said why it ends, or ended: no earlier than it knew. Null where there was none.
    /// </summary>
    public TimeSpan? FirstSign { get; set; }

    /// <summary>From the deed until the last survivor was gone.</summary>
    public TimeSpan? AllGone { get; set; }

    /// <summary>What the survivors said.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>The whole story.</summary>
    public string Story { get; set; } = "";
}
