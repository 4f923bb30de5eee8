namespace Nperf.Chaos;

/// <summary>A process of a run and what it is there.</summary>
/// <param name="Role">As in <see cref="Mode.Roles"/>.</param>
/// <param name="Process">The process.</param>
/// <param name="Head">The command that it is; null for what a command started.</param>
internal sealed record Actor(string Role, ProcessId Process, Head? Head)
{
    public override string ToString() => $"{Head?.Label ?? Role}, process {Process.Number}";

    /// <summary>The command that it is, or that started it.</summary>
    public Head HeadOf(Job job) => Head ?? job.Heads.First(head => head.Id.Number == Process.Parent);

    /// <summary>All processes of the run that live.</summary>
    public static List<Actor> All(Job job, Mode mode, string binary)
    {
        IReadOnlyList<Head> heads = job.Heads;
        var actors = new List<Actor>();
        foreach (ProcessId process in ProcessTable.Marked(job.Mark))
        {
            Head? head = heads.FirstOrDefault(one => one.Id.Number == process.Number);
            if (head is not null) actors.Add(new Actor(head.Label.Split(' ')[0], process, head));
            else if (process.CommandLine.StartsWith(binary, StringComparison.Ordinal)) actors.Add(new Actor(RoleOf(process.CommandLine, mode), process, null));
        }

        return actors;
    }

    /// <summary>One of that kind, else one of the commands; null where none lives.</summary>
    public static Actor? Choose(List<Actor> actors, string role, double which)
    {
        List<Actor> kind = [.. actors.Where(actor => actor.Role == role)];
        if (kind.Count == 0) kind = [.. actors.Where(actor => actor.Head is not null)];
        return kind.Count == 0 ? null : kind[(int)(which * kind.Count)];
    }

    private static string RoleOf(string command, Mode mode) =>
        command.Contains(" tethered ", StringComparison.Ordinal) ? Mode.Tether
        : mode.Roles.Contains(Mode.Rank) ? Mode.Rank
        : !mode.Roles.Contains(Mode.Tether) ? Mode.Member
        : command.Contains(" -c ", StringComparison.Ordinal) ? Mode.Client : Mode.Server;
}
