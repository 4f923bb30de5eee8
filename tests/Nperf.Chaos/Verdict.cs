using System.Text.RegularExpressions;

namespace Nperf.Chaos;

/// <summary>Holds the end of a run against what docs/reliability.md promises.</summary>
internal sealed partial class Verdict(
    Bench bench, RunPlan plan, Job job, Actor? victim, IReadOnlyList<Actor> actors, Outcome outcome)
{
    private const int TerminatedCode = 143, InterruptedCode = 130;

    public void Judge()
    {
        outcome.AllKilled = victim is not null
            && actors.All(actor => actor == victim || actor.Process.Parent == victim.Process.Number || plan.Mode.HasNetwork);
        ResultsFacts? facts = Document();
        Head[] ended = [.. job.Heads.Where(head => head.HasEnded && head != victim?.Head)];
        outcome.EndedWell = ended.Length > 0 ? ended.All(head => head.ExitCode == 0) : facts is { ErrorCode: null };
        foreach (Head head in ended) JudgeSurvivor(head, facts);
        if (victim?.Head is { HasEnded: true } own) JudgeVictim(own, facts);
        if (facts is not null) JudgeFacts(facts);
    }

    /// <summary>What the writer of the document wrote; null where it wrote none, which only some may.</summary>
    private ResultsFacts? Document()
    {
        Head? writer = job.Writer;
        if (writer is null || !writer.HasEnded) return null;
        string text = !job.ToFile ? writer.Output : File.Exists(job.ResultsFile) ? File.ReadAllText(job.ResultsFile) : "";
        if (job.ToFile && File.Exists(job.ResultsFile) && text.Length == 0) Fault("the file of the document is there and empty");

        // mpirun's own words come on the same stream.
        if (text.Length == 0 || (!job.ToFile && plan.Mode.LauncherKills && (writer.ExitCode != 0 || ForgetsCodes)))
        {
            if (MustWrite(writer)) Fault($"{writer.Label} wrote no document");
            return null;
        }

        // Half of it may have gone out, where that is not a file. The last line has no end then.
        if (!job.ToFile && (actors.Any(actor => IsKilled(actor) && Writes(actor, writer)) || DropsOutput) && DocumentCheck.IsPart(text.TrimEnd('\n')))
        {
            outcome.CutOff = true;
            return null;
        }

        try
        {
            return bench.Documents.Read(text);
        }
        catch (FormatException e)
        {
            Fault($"the document {e.Message}");
            return null;
        }
    }

    /// <summary>True where SIGKILL ended it: for members and what ssh started, with the process above them.</summary>
    private bool IsKilled(Actor actor) => outcome.VictimKilled && (actor == victim || actor.Process.Parent == victim?.Process.Number);

    /// <summary>True where the document on standard output is its own, or comes through it.</summary>
    private bool Writes(Actor actor, Head writer) =>
        actor.Head == writer || actor.Process.IsFirstOfMpi || (plan.Mode.Roles.Contains(Mode.Tether) && actor.Role == Mode.Server);

    private bool MustWrite(Head writer)
    {
        if (writer.ExitCode == 0) return !ForgetsCodes;
        if (writer == victim?.Head) return plan.Deed is Deed.Terminate or Deed.Interrupt or Deed.Cut && HasBegun(writer) && !plan.Mode.LauncherKills;
        if (plan.Mode.LauncherKills) return false;

        // Only the server of a launch, or rank 0 of an MPI job, has what was measured.
        return writer.Label != Mode.Launcher || (victim is { Role: Mode.Client } && HasBegun(writer));
    }

    private void JudgeSurvivor(Head head, ResultsFacts? facts)
    {
        IReadOnlyList<string> errors = head.ErrorLines;
        outcome.Messages.AddRange(errors.Select(error => $"{head.Label}: {error}"));
        if (head.ExitCode == 0)
        {
            if (errors.Count > 0) Fault($"{head.Label} exits with 0 and says {errors[0]}");
            bool whole = facts is { ErrorCode: null } || IsTableWhole(head);
            if (!whole) Fault($"{head.Label} exits with 0, and the run was not complete: {facts?.Message}");
            return;
        }

        // Open MPI ends ranks that have said nothing yet; a launch says it for each host.
        bool saysOne = head.Label != Mode.Launcher;
        if (saysOne ? errors.Count != 1 : plan.Mode.Name == "launch" && errors.Count == 0) Fault($"{head.Label} says {errors.Count} errors");
        if (victim?.Head is { Label: Mode.Server } && HasBegun(head))
        {
            foreach (string error in errors.Where(error => !Server().IsMatch(error))) Fault($"{head.Label} does not name the server: {error}");
        }

        foreach (string error in errors.Where(error => !Names().IsMatch(error))) Fault($"{head.Label} names nobody: {error}");
        if (outcome.AllGone is { } gone && IsAtOnce(head) && gone > new Bounds(bench.Options).AtOnce)
            Fault($"{head.Label} and others took {gone.TotalSeconds:0.0} s to leave");
    }

    // What a kernel tells at once; not where one was still awaited that has never come.
    private bool IsAtOnce(Head head) =>
        plan.Deed is Deed.Kill or Deed.Terminate or Deed.Interrupt && plan.Mode.Name != "launch" && !plan.Mode.Roles.Contains(Mode.Rank)
        && HasBegun(head);

    private static bool HasBegun(Head head) => head.SawAt(line => line.Contains("progress:", StringComparison.Ordinal)) is not null;

    private bool IsTableWhole(Head head) => head.Label.StartsWith(Mode.Client, StringComparison.Ordinal)
        && (head.SawAt(line => line.StartsWith("  time taken", StringComparison.Ordinal)) is not null || plan.Mode.Name == "bootstrap")
        && head.SawAt(line => line.Contains("stopped early", StringComparison.Ordinal)) is null;

    private void JudgeVictim(Head head, ResultsFacts? facts)
    {
        // A launcher may pass a signal on to processes that do not know of each other yet.
        if (head.ErrorLines.Count > 1 && head.Label != Mode.Launcher) Fault($"{head.Label} says {head.ErrorLines.Count} errors");
        int? code = plan.Deed switch
        {
            Deed.Terminate => TerminatedCode,
            Deed.Interrupt => InterruptedCode,
            _ => null,
        };
        if (code is not null && head.ExitCode != code && head.ExitCode != 0 && !plan.Mode.Roles.Contains(Mode.Rank))
            Fault($"{head.Label}, which got the signal, exits with {head.ExitCode}");
        if (head.ExitCode == 0 && facts is not { ErrorCode: null } && !IsTableWhole(head) && !ForgetsCodes) Fault($"{head.Label}, the victim, exits with 0");
    }

    private void JudgeFacts(ResultsFacts facts)
    {
        outcome.Step = facts.Step ?? "";
        if (facts.ErrorCode is null)
        {
            if (facts.Results != job.Work.Results) Fault($"the document has {facts.Results} of {job.Work.Results} sizes and no error");
            return;
        }

        if (facts.Results > job.Work.Results) Fault($"the document has {facts.Results} sizes");
        if (job.Writer is { HasEnded: true, ExitCode: 0 } && !ForgetsCodes) Fault($"{job.Writer.Label} exits with 0, and its document has an error");
        if (victim is null || victim.Head == job.Writer || facts.Ranks.Count == 0 || IsLaunchersEnd(facts)) return;

        // Who is accused has to be the one, or of its host, or of its processes.
        Head? command = plan.Mode.Roles.Contains(Mode.Rank) || plan.Mode.Roles.Contains(Mode.Tether) ? null : victim.HeadOf(job);
        int[] numbers = [.. actors.Where(actor => actor == victim || actor.Process.Parent == victim.Process.Number || (command is not null && actor.HeadOf(job) == command))
            .Select(actor => actor.Process.Number)];
        int[] ranks = [.. numbers.Where(facts.Ranks.ContainsKey).SelectMany(number => facts.Ranks[number])];
        bool isServers = command is not null && command == job.Writer;
        if (ranks.Length > 0 && !isServers && facts.ErrorRank is { } rank && !ranks.Contains(rank) && !ranks.Any(own => Regex.IsMatch(facts.Message ?? "", $@"\brank {own}\b")))
            Fault($"rank {rank} is accused, and it was rank {string.Join(", ", ranks)}: {facts.Message}");
        if (facts.ErrorRank is null && ranks.Length > 0) Fault($"nobody is accused: {facts.Message}");
    }

    /// <summary>Open MPI's mpirun terminates the others where one is killed, which rank 0 may hear of first (docs/mpi.md).</summary>
    private bool IsLaunchersEnd(ResultsFacts facts) =>
        plan.Deed == Deed.Kill && plan.Mode.Name == "openmpi" && facts.ErrorCode == "terminated";

    /// <summary>An mpirun that gets a signal may end before it has passed on all that ranks wrote.</summary>
    private bool DropsOutput => victim?.Role == Mode.Launcher && plan.Mode.Roles.Contains(Mode.Rank);

    /// <summary>MPICH's mpirun sometimes does not pass on the codes of what it ended.</summary>
    private bool ForgetsCodes => plan.Mode.LauncherKills && victim?.Role == Mode.Launcher;

    private void Fault(string text) => outcome.Faults.Add(text);

    [GeneratedRegex(@"\brank 0\b|\branks 0|\bserver\b|node1|terminated|interrupted")]
    private static partial Regex Server();

    [GeneratedRegex(@"\brank|ranks? \d|node\d|\d+\.\d+\.\d+\.\d+|client|server|localhost|\bon \S+")]
    private static partial Regex Names();
}
