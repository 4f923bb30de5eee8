using System.Globalization;

namespace Nperf.Chaos;

/// <summary>The figures of many runs, as Markdown.</summary>
internal sealed class Tally
{
    private readonly List<Outcome> _outcomes = [];

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public void Add(Outcome outcome)
    {
        _outcomes.Add(outcome);
        if (outcome.Faults.Count == 0) Passed++;
        else Failed++;
    }

    public IEnumerable<string> Tables() =>
    [
        .. Table("mode", outcome => outcome.Plan.Mode.Name, Mode.All.Select(mode => mode.Name)), "",
        .. Table("deed", outcome => NameOf(outcome.Plan.Deed), Enum.GetValues<Deed>().Select(NameOf)), "",
        .. Table("during", Phase, _outcomes.Select(Phase).Distinct().Order(StringComparer.Ordinal)), "",
        $"Left behind as documented: {_outcomes.Count(outcome => outcome.KnownRemains.Count > 0)} "
        + $"({string.Join(", ", _outcomes.SelectMany(outcome => outcome.KnownRemains).GroupBy(name => name[..name.LastIndexOf('/')]).Select(group => $"{group.Count()} in {group.Key}"))})",
        $"Cut off while writing its document: {_outcomes.Count(outcome => outcome.CutOff)}",
    ];

    /// <summary>What survivors said, alike messages once, with how often.</summary>
    public IEnumerable<string> Messages() => _outcomes.SelectMany(outcome => outcome.Messages)
        .GroupBy(message => System.Text.RegularExpressions.Regex.Replace(message, @"\d+(\.\d+)?", "N"))
        .OrderByDescending(group => group.Count()).Select(group => $"{group.Count(),5} {group.First()}");

    private static string Phase(Outcome outcome)
    {
        if (outcome.Step.Length == 0) return outcome.EndedWell ? "(ended well)" : "(no document)";
        string[] words = outcome.Step.Split(' ');
        return words[0] is "allreduce" or "allgather" or "alltoall" ? "measuring" : outcome.Step;
    }

    private static string NameOf(Deed deed) => deed switch
    {
        Deed.Kill => "SIGKILL",
        Deed.Terminate => "SIGTERM",
        Deed.Interrupt => "SIGINT",
        Deed.Stop => "SIGSTOP",
        _ => "network cut",
    };

    private IEnumerable<string> Table(string head, Func<Outcome, string> key, IEnumerable<string> order)
    {
        yield return $"| {head} | runs | ended early | exceptions | first sign, s: median | p99 | max | all gone, s: median | p99 | max |";
        yield return "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |";
        foreach (string name in order)
        {
            Outcome[] outcomes = [.. _outcomes.Where(outcome => key(outcome) == name)];
            if (outcomes.Length > 0) yield return Row(name, outcomes);
        }

        if (head == "mode") yield return Row("all", _outcomes);
    }

    private static string Row(string name, IReadOnlyCollection<Outcome> outcomes)
    {
        Outcome[] early = [.. outcomes.Where(outcome => !outcome.EndedWell)];
        return $"| {name} | {outcomes.Count} | {early.Length} | {outcomes.Count(outcome => outcome.Faults.Count > 0)} "
            + $"| {Spread(early.Select(outcome => outcome.FirstSign))} | {Spread(early.Select(outcome => outcome.AllGone))} |";
    }

    private static string Spread(IEnumerable<TimeSpan?> times)
    {
        double[] sorted = [.. times.Where(time => time is not null).Select(time => time!.Value.TotalSeconds).Order()];
        if (sorted.Length == 0) return "- | - | -";
        double At(double part) => sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
        return string.Create(CultureInfo.InvariantCulture, $"{At(0.5):0.00} | {At(0.99):0.00} | {sorted[^1]:0.00}");
    }
}
