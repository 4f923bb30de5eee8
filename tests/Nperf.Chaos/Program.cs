using System.Diagnostics;
using System.Runtime.InteropServices;
using Nperf.Chaos;

ChaosOptions options;
List<Mode> modes = [];
try
{
    options = ChaosOptions.Parse(args);
    foreach (string name in options.Modes.Where(name => Mode.All.All(mode => mode.Name != name)))
        throw new ArgumentException($"there is no mode {name}; there are {string.Join(", ", Mode.All.Select(mode => mode.Name))}");
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"chaos: {e.Message}");
    return 2;
}

foreach (Mode mode in Mode.All.Where(mode => options.Modes.Count == 0 || options.Modes.Contains(mode.Name)))
{
    if (mode.Missing() is { } missing) Console.WriteLine($"left out: {mode.Name}, for there is no {missing}");
    else modes.Add(mode);
}

if (modes.Count == 0) return 2;
using var stopped = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopped.Cancel();
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var bench = new Bench(options);
string keep = options.Keep ?? Path.Combine(Path.GetTempPath(), $"nperf-chaos-failed-{Environment.ProcessId}");
var tally = new Tally();
var numbers = new Queue<int>(options.Only is { } only ? [only] : Enumerable.Range(1, options.Runs));
long start = Stopwatch.GetTimestamp();
Console.WriteLine($"seed {options.Seed}, {numbers.Count} runs, {options.Parallel} at a time: {string.Join(", ", modes.Select(mode => mode.Name))}");

void Work()
{
    NamespaceHosts? hosts = null;
    try
    {
        while (true)
        {
            int number;
            lock (numbers)
            {
                if (stopped.IsCancellationRequested || !numbers.TryDequeue(out number)) return;
            }

            RunPlan plan = RunPlan.Draw(options.Seed, number, modes);
            if (plan.Mode.HasNetwork) hosts ??= new NamespaceHosts();
            Outcome outcome = new Trial(bench, plan, hosts).Run();
            lock (tally) Show(outcome);
        }
    }
    finally
    {
        hosts?.Dispose();
    }
}

void Show(Outcome outcome)
{
    tally.Add(outcome);
    if (options.Only is not null) Console.WriteLine(outcome.Story);
    if (outcome.Faults.Count > 0)
    {
        string file = Path.Combine(Directory.CreateDirectory(keep).FullName, $"seed{options.Seed}-run{outcome.Plan.Number}.txt");
        File.WriteAllText(file, $"{string.Concat(outcome.Faults.Select(fault => $"FAULT {fault}\n"))}{outcome.Story}");
        Console.WriteLine($"FAILED seed {options.Seed}, {outcome.Plan}: {string.Join("; ", outcome.Faults)} ({file})");
    }

    int done = tally.Passed + tally.Failed;
    if (done % 50 == 0) Console.WriteLine($"{done} runs, {tally.Failed} failed, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
}

Task.WaitAll([.. Enumerable.Range(0, Math.Min(options.Parallel, numbers.Count)).Select(_ => Task.Factory.StartNew(Work, TaskCreationOptions.LongRunning))]);

string[] tables = [.. tally.Tables()];
if (options.Report is not null)
{
    string header = $"Seed {options.Seed}, {tally.Passed + tally.Failed} runs, {options.Parallel} at a time on {Environment.ProcessorCount} processors, "
        + $"{Stopwatch.GetElapsedTime(start).TotalMinutes:0.0} minutes, {DateTime.UtcNow:yyyy-MM-dd}.";
    File.WriteAllLines(options.Report, [header, "", .. tables, "", "What survivors said:", "", .. tally.Messages()]);
}

foreach (string line in tables) Console.WriteLine(line);
Console.WriteLine($"{tally.Passed} passed, {tally.Failed} failed");
return tally.Failed == 0 && tally.Passed > 0 && !stopped.IsCancellationRequested ? 0 : 1;
