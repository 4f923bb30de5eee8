using System.Diagnostics;

namespace Nperf.Chaos;

/// <summary>Carries out one plan: starts the run, does the deed, watches the others leave, looks at what is left.</summary>
internal sealed class Trial(Bench bench, RunPlan plan, NamespaceHosts? hosts)
{
    /// <summary>A run that nothing was done to is over by then, also on a busy machine.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly Outcome _outcome = new(plan);
    private readonly List<string> _notes = [];
    private readonly Bounds _bounds = new(bench.Options);

    public Outcome Run()
    {
        using var job = new Job(bench, plan, hosts);
        try
        {
            plan.Mode.Start(job);
            WaitForTrigger(job);
            Act(job);
        }
        finally
        {
            hosts?.Mend();
            EndAll(job);
        }

        LookForRemains(job);
        _outcome.Story = $"{plan}\n{string.Concat(_notes.Select(note => note + "\n"))}"
            + string.Concat(job.Heads.Select(head => head.Describe(job.StartedAt)));
        return _outcome;
    }

    private void WaitForTrigger(Job job)
    {
        while (!job.Heads.All(head => head.HasEnded) || job.Heads.Count == 0)
        {
            long now = Stopwatch.GetTimestamp();
            long? seen = plan.Trigger switch
            {
                Trigger.Start => job.StartedAt,
                Trigger.Listening => First(job, line => line.Contains("listening on", StringComparison.Ordinal) || IsConnected(line)),
                Trigger.Connected => First(job, IsConnected),
                _ => First(job, job.Work.IsLastSize),
            };
            TimeSpan left = seen is { } at ? plan.Delay - Stopwatch.GetElapsedTime(at, now) : Poll;
            if (seen is not null && left <= TimeSpan.Zero) return;
            if (Stopwatch.GetElapsedTime(job.StartedAt, now) > Whole) return;
            if (seen is not null && left < Poll) Thread.Sleep(left);
            else job.Changed.WaitOne(left < Poll ? left : Poll);
        }
    }

    private static bool IsConnected(string line) =>
        line.Contains("progress:", StringComparison.Ordinal) || line.Contains(" ranks in ", StringComparison.Ordinal);

    private static long? First(Job job, Func<string, bool> matches) => job.Heads.Select(head => head.SawAt(matches)).Where(at => at is not null).Min();

    private void Act(Job job)
    {
        foreach (Head head in job.Heads.Where(head => head.HasEnded && head.ExitCode != 0))
            Fault($"{head.Label} ended with {head.ExitCode} before anything was done");
        List<Actor> actors = Actor.All(job, plan.Mode, bench.Options.Binary);
        Actor? victim = Actor.Choose(actors, plan.Role, plan.Which);
        if (victim is null)
        {
            Note(job, "it was over before");
            JudgeGoodEnd(job, "nothing was done to it");
            return;
        }

        job.KeepNamespaces(actors.Select(actor => actor.Process));
        Note(job, $"{plan.Deed} of {victim}");
        long done = Stopwatch.GetTimestamp();
        switch (plan.Deed)
        {
            case Deed.Cut: _notes.Add(job.Cut(victim.HeadOf(job), plan.Which)); break;
            case Deed.Kill: _outcome.VictimKilled = ProcessTable.Send(victim.Process, ProcessTable.Kill); break;
            case Deed.Terminate: ProcessTable.Send(victim.Process, ProcessTable.Terminate); break;
            case Deed.Interrupt: ProcessTable.Send(victim.Process, ProcessTable.Interrupt); break;
            case Deed.Stop: ProcessTable.Send(victim.Process, ProcessTable.Stop); break;
        }

        // MPI's processes wait for a launcher that is stopped: nothing ends before it goes on.
        bool waitsForIt = plan.Deed == Deed.Stop && victim.Role == Mode.Launcher && plan.Mode.Roles.Contains(Mode.Rank);
        if (waitsForIt)
        {
            Thread.Sleep(TimeSpan.FromSeconds(3 * plan.Which));
            Note(job, "goes on");
            ProcessTable.Send(victim.Process, ProcessTable.Continue);
        }

        // Whom a signal went to has to answer it as the others do.
        bool mayStay = plan.Deed is Deed.Stop && !waitsForIt;
        Actor[] survivors = [.. actors.Where(actor => actor != victim || plan.Deed is not (Deed.Stop or Deed.Kill))];
        // Members leave signals to the command that started them: the run goes on.
        bool isOfNoEffect = waitsForIt || (victim.Role == Mode.Member && plan.Deed is Deed.Terminate or Deed.Interrupt);
        TimeSpan bound = (isOfNoEffect ? Whole : _bounds.Until(plan)) + job.LauncherTime;
        bool left = Watch(job, survivors, done, bound + Bounds.LeaveTime);
        if (!left)
        {
            foreach (Actor actor in survivors.Where(actor => actor.Process.IsAlive))
                Fault($"{actor} still runs {Stopwatch.GetElapsedTime(done).TotalSeconds:0.0} s after the deed: {ProcessTable.Threads(actor.Process.Number)}");
        }

        if (mayStay) EndStopped(job, victim, left);
        job.WaitForStarts();
        if (left) WaitForRest(job, victim);
        Judge(job, victim, actors);
    }

    /// <summary>Waits until all survivors are gone, those too that come only now.</summary>
    private bool Watch(Job job, Actor[] survivors, long done, TimeSpan limit)
    {
        while (Stopwatch.GetElapsedTime(done) < limit)
        {
            long? word = job.Heads.Where(head => survivors.Any(actor => actor.Head == head))
                .Select(head => head.SawAt(line => line.Contains("nperf: error:", StringComparison.Ordinal)) ?? (head.HasEnded ? head.EndedAt : null))
                .Where(at => at is not null && at >= done).Min();
            if (word is { } at) _outcome.FirstSign ??= Stopwatch.GetElapsedTime(done, at);
            else if (survivors.Any(actor => actor.Head is null && !actor.Process.IsAlive)) _outcome.FirstSign ??= Stopwatch.GetElapsedTime(done);
            if (survivors.All(actor => !actor.Process.IsAlive))
            {
                _outcome.AllGone = Stopwatch.GetElapsedTime(done);
                return true;
            }

            Thread.Sleep(Poll);
        }

        return false;
    }

    /// <summary>The stopped one goes on and has to leave as well, or is killed.</summary>
    private void EndStopped(Job job, Actor victim, bool othersLeft)
    {
        if (!plan.GoesOn || !othersLeft)
        {
            _outcome.VictimKilled = ProcessTable.Send(victim.Process, ProcessTable.Kill);
            return;
        }

        Note(job, "goes on");
        ProcessTable.Send(victim.Process, ProcessTable.Continue);
        long since = Stopwatch.GetTimestamp();
        TimeSpan limit = (job.Heads.Count == 1 ? Whole : _bounds.Waiting) + Bounds.LeaveTime;
        while (victim.Process.IsAlive && Stopwatch.GetElapsedTime(since) < limit) Thread.Sleep(Poll);
        if (victim.Process.IsAlive) Fault($"{victim}, which went on, still runs after {limit.TotalSeconds:0} s: {ProcessTable.Threads(victim.Process.Number)}");
    }

    /// <summary>Who was started after the deed finds nobody, and leaves within the wait for a server.</summary>
    private void WaitForRest(Job job, Actor victim)
    {
        long since = Stopwatch.GetTimestamp();
        TimeSpan limit = _bounds.Waiting + Bounds.LeaveTime;
        while (Stopwatch.GetElapsedTime(since) < limit)
        {
            if (ProcessTable.Marked(job.Mark).All(process => process == victim.Process)) return;
            Thread.Sleep(Poll * 5);
        }

        foreach (ProcessId process in ProcessTable.Marked(job.Mark)) Fault($"process {process.Number} is left: {process.CommandLine}: {ProcessTable.Threads(process.Number)}");
    }

    private void JudgeGoodEnd(Job job, string why)
    {
        foreach (Head head in job.Heads.Where(head => !head.WaitForLastWords(Bounds.LeaveTime))) Fault($"{head.Label} still runs, {why}");
        Judge(job, null, []);
    }

    private void Judge(Job job, Actor? victim, List<Actor> actors)
    {
        foreach (Head head in job.Heads.Where(head => !head.Id.IsAlive && !head.WaitForLastWords(Bounds.LeaveTime)))
            Fault($"{head.Label}: somebody still holds its output");
        new Verdict(bench, plan, job, victim, actors, _outcome).Judge();
    }

    private static void EndAll(Job job)
    {
        // More than once: who is killed may just have started another.
        var killed = new List<ProcessId>(job.Heads.Select(head => head.Id));
        for (int i = 0; i < 500; i++)
        {
            List<ProcessId> left = ProcessTable.Marked(job.Mark);
            foreach (ProcessId process in left) ProcessTable.Send(process, ProcessTable.Kill);
            killed.AddRange(left);

            // One that is ending has no environment any more, and still its sockets.
            if (left.Count == 0 && killed.All(process => !process.IsAlive)) return;
            Thread.Sleep(Poll);
        }
    }

    private void LookForRemains(Job job)
    {
        foreach (string socket in job.Listening()) Fault($"{socket} is still listened on");
        bool killed = plan.Deed is Deed.Kill or Deed.Stop;
        foreach (string name in job.Memory().Where(name => name.StartsWith("nperf", StringComparison.Ordinal)))
            Remains($"/dev/shm/{name}", isKnown: killed && _outcome.AllKilled);
        foreach (string path in Directory.EnumerateFileSystemEntries(job.Temporary))
        {
            string name = Path.GetFileName(path);
            if (name.StartsWith("ompi.", StringComparison.Ordinal) || name.StartsWith("pmix", StringComparison.Ordinal)) continue;
            Remains($"$TMPDIR/{name}", isKnown: killed && plan.Mode.HasGpus);
        }

        string[] own = ["tmp", "gpus", "results.json"];
        foreach (string path in Directory.EnumerateFileSystemEntries(job.Folder).Where(path => !own.Contains(Path.GetFileName(path))))
            Remains(Path.GetFileName(path), isKnown: false);
    }

    private void Remains(string name, bool isKnown)
    {
        if (isKnown) _outcome.KnownRemains.Add(name);
        else Fault($"{name} is left");
    }

    private void Note(Job job, string text) => _notes.Add($"{Stopwatch.GetElapsedTime(job.StartedAt).TotalSeconds,7:0.000} {text}");

    private void Fault(string text) => _outcome.Faults.Add(text);
}
