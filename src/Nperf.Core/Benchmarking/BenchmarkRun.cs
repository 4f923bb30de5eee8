using Nperf.Core.Liveness;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// Runs everything that the run's options ask for, with every rank of the world, and keeps what was measured. Every
/// process of the world makes one and runs it; all end with the same results.
/// </summary>
internal sealed class BenchmarkRun
{
    private readonly Control _control;
    private readonly IReadOnlyList<Communicator> _communicators;
    private readonly RunObserver _observer;
    private readonly RunProgress _progress;
    private readonly FinishedSizes _results;
    private PatternRun? _pattern;
    private PatternFindings? _findings;

    /// <param name="control">This process's place in the world.</param>
    /// <param name="communicators">One for each rank of this process, in the order of their ranks.</param>
    /// <param name="observer">Told what was finished.</param>
    /// <param name="progress">Kept up to date by the first rank of this process.</param>
    public BenchmarkRun(
        Control control, IReadOnlyList<Communicator> communicators, RunObserver observer, RunProgress progress)
    {
        ArgumentNullException.ThrowIfNull(control);
        (_control, _communicators, _observer, _progress) = (control, communicators, observer, progress);
        _results = new FinishedSizes(control.Options.Cycles == 0, control.World.Size);
    }

    /// <summary>
    /// The sizes finished so far, in order; of a run without end the newest. May be read while the run goes on.
    /// </summary>
    public IReadOnlyList<SizeResult> Results => _results.ToArray();

    /// <summary>How many sizes a run without end has finished that are in <see cref="Results"/> no longer.</summary>
    public long LeftOut => _results.LeftOut;

    /// <summary>On rank 0's process: what NCCL's log told, once it did.</summary>
    public NcclSection? Nccl { get; private set; }

    /// <summary>What carries the ranks' data: from it rank 0 knows where they are.</summary>
    internal FabricFacts? Facts { get; init; }

    /// <summary>
    /// What a run of pairs found: at its end on every process, until then, as far as it has come, on that of rank 0. Null where the
    /// options ask for no pattern.
    /// </summary>
    public PatternFindings? Findings => _findings ?? _pattern?.Findings();

    /// <summary>False once a rank did not end in time after the run had been given up: its communicator may be in use.</summary>
    public bool RanksHaveLeft { get; private set; } = true;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="RunException">
    /// The run was given up, here or elsewhere; <see cref="Results"/> holds what had been finished.
    /// </exception>
    public void Run()
    {
        World world = _control.World;
        RunOptions options = _control.Options;
        Groups groups = Groups.Of(world.Size, options.Split);
        long pairBytes = PatternRun.BytesOf(options, _communicators.Any(one => one.DeviceName is not null));
        IReadOnlyList<SectionPlan> sections = options.Pattern == RunPattern.Collectives
            ? SectionPlan.All(options, groups.Size)
            : [PatternRun.Largest(pairBytes)];
        var buffers = new BufferPlan(sections, groups.Size, options.Register == Registration.Symmetric);
        RequireMemory(buffers, options, groups);
        if (options.Pattern == RunPattern.Collectives) _progress.SizesTotal = sections.Sum(section => section.Sizes.Count);
        if (options is { Pattern: RunPattern.Collectives, Cycles: 1 }) _progress.Plan = [.. sections.SelectMany(section => section.Sizes)];

        var team = new RankTeam(_control);
        var runs = new RankRun?[_communicators.Count];
        try
        {
            team.Run(
                local => RunRank(team, local, options, sections, buffers, runs),
                (local, exception) => _communicators[local].FailureOf(exception));
        }
        catch (RunException) when (team.HasLeft)
        {
            KeepUnfinished(runs);
            throw;
        }
        finally
        {
            RanksHaveLeft = team.HasLeft;
            if (team.HasLeft) team.Dispose();
        }
    }

    private void RunRank(
        RankTeam team, int local, RunOptions options, IReadOnlyList<SectionPlan> sections, BufferPlan buffers,
        RankRun?[] runs)
    {
        Communicator communicator = _communicators[local];
        communicator.EnterThread();
        RankMark mark = team.MarkOf(local);
        mark.Enter(RankStep.Allocating);
        if (local == 0) _progress.Step = "allocating buffers";
        using RankBuffers memory = communicator.Allocate(
            buffers.SendBytes(communicator.Rank), buffers.ReceiveBytes(communicator.Rank));
        using var run = new RankRun(communicator, team, local, options, buffers, memory, _control.AbortSignal, _progress);
        runs[local] = run;
        bool runsPattern = options.Pattern != RunPattern.Collectives;
        long pairBytes = sections[0].Sizes[^1];
        if (run.Study(runsPattern ? PatternRun.Sections(_control.World, pairBytes) : sections) is { } nccl)
        {
            Nccl = nccl;
            mark.Note(RankStep.Writing);
            _observer.NcclToldOf(nccl);
        }
        if (runsPattern) RunPatternOf(run, team, local, pairBytes);
        for (int cycle = 1; !runsPattern && (options.Cycles == 0 || cycle <= options.Cycles); cycle++)
            RunCycle(run, mark, local == 0, sections, cycle);
        mark.Enter(RankStep.Releasing);
    }

    private void RunPatternOf(RankRun run, RankTeam team, int local, long bytes)
    {
        bool leads = _communicators[local].WorldRank == 0;
        var pattern = new PatternRun(run, team, local, _control, bytes, _progress);
        if (leads) _pattern = pattern;
        PatternFindings findings = pattern.Run(leads, Facts);
        if (local == 0) _findings = findings;
    }

    private void RunCycle(RankRun run, RankMark mark, bool speaks, IReadOnlyList<SectionPlan> sections, int cycle)
    {
        if (speaks) _progress.BeginCycle();
        foreach (SectionPlan section in sections)
        {
            if (speaks)
            {
                _progress.Step = section.ToString();
                mark.Note(RankStep.Writing);
                _observer.SectionStarted(section.ToSection(cycle));
            }
            run.Begin(section);
            foreach (long size in section.Sizes)
            {
                SizeResult result = run.Measure(section, size, cycle);
                if (!speaks) continue;
                mark.Note(RankStep.Writing);
                Keep(result);
            }
        }
    }

    private void Keep(SizeResult result)
    {
        _results.Add(result);
        _progress.Finish(result);
        _observer.SizeFinished(result);
    }

    /// <summary>The size that was under way when the run ended, as far as the ranks of this process had come.</summary>
    private void KeepUnfinished(RankRun?[] runs)
    {
        RankMeasurement[] measured = runs.Select(run => run?.Unfinished()).OfType<RankMeasurement>().ToArray();
        if (measured.Length == 0 || measured.Length < runs.Length) return;
        SizeResult partial = runs[0]!.Partial(measured);
        _results.Add(partial);
        _observer.SizeFinished(partial);
    }

    private void RequireMemory(BufferPlan buffers, RunOptions options, Groups groups)
    {
        World world = _control.World;
        ProcessInfo self = _control.Self;
        double onMachine = 0;
        foreach (RankMark mark in _control.Marks) mark.Enter(RankStep.Allocating);
        foreach (ProcessInfo process in world.OnMachineOf(self))
        {
            for (int rank = process.FirstRank; rank < process.FirstRank + process.RankCount; rank++)
                onMachine += Needed(groups.RankOf(rank));
        }

        bool onDevices = false;
        foreach (Communicator communicator in _communicators)
        {
            if (communicator.FreeDeviceMemory is not { } free) continue;
            onDevices = true;
            string place = $"rank {communicator.WorldRank} on {self.Host}";
            MemoryCheck.Require(
                Needed(communicator.Rank), options.MaxBytes, place, self.Host, free, $"memory of {communicator.DeviceName}");
        }

        if (!onDevices)
        {
            string place = $"{Wording.Count(world.RanksOnMachineOf(self), "rank")} on {self.Host}";
            MemoryCheck.Require(onMachine, options.MaxBytes, place, self.Host, MemoryCheck.Available(), "memory");
        }

        double Needed(int rank) => (double)buffers.SendBytes(rank) + buffers.ReceiveBytes(rank);

        // Nobody allocates before everybody has looked.
        _control.Barrier("checking memory");
    }
}
