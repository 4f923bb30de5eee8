// Generated and mutated inputs into every decoder of nperf; scripts/fuzz.sh has the options. Ends with 0 where nothing failed.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Nperf.Fuzz;

const int DefaultInputs = 10_000_000;
TimeSpan hangLimit = TimeSpan.FromSeconds(30);

long inputs = DefaultInputs;
ulong seed = 1;
int jobs = Environment.ProcessorCount;
string? only = null, given = null;
for (int i = 0; i + 1 < args.Length; i += 2)
{
    if (args[i] == "--inputs") inputs = long.Parse(args[i + 1], CultureInfo.InvariantCulture);
    else if (args[i] == "--seed") seed = ulong.Parse(args[i + 1], CultureInfo.InvariantCulture);
    else if (args[i] == "--jobs") jobs = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
    else if (args[i] == "--target") only = args[i + 1];
    else if (args[i] == "--input") given = args[i + 1];
    else return Usage();
}

Target[] targets = [.. AllTargets.List.Where(target => only is null || target.Name == only)];
if (args.Length % 2 != 0 || targets.Length == 0 || inputs < 1 || jobs < 1 || (given is not null && only is null)) return Usage();
if (given is not null)
{
    string? finding = new Fuzzer(targets[0], seed).Try(Convert.FromHexString(given), isValid: false);
    Console.WriteLine(finding ?? "nothing wrong");
    return finding is null ? 0 : 1;
}

var running = new Running(targets, inputs, seed, jobs);
using var watchdog = new Timer(_ => running.EndIfHung(hangLimit), null, hangLimit, TimeSpan.FromSeconds(1));
int failed = running.Run();
Console.WriteLine($"{targets.Length - failed} passed, {failed} failed");
return failed == 0 ? 0 : 1;

static int Usage()
{
    Console.Error.WriteLine("fuzz: [--inputs N] [--seed S] [--jobs N] [--target NAME [--input HEX]] (--help)");
    Console.Error.WriteLine($"targets: {string.Join(' ', AllTargets.List.Select(target => target.Name))}");
    return 2;
}

/// <summary>All batches of some targets, on so many threads.</summary>
internal sealed class Running
{
    private readonly ConcurrentQueue<(int Target, int Batch, int Inputs)> _batches = [];
    private readonly Target[] _targets;
    private readonly Tally[] _tallies;
    private readonly int[] _left;
    private readonly ulong _seed;
    private readonly (Fuzzer? Fuzzer, string Name)[] _current;

    public Running(Target[] targets, long inputs, ulong seed, int jobs)
    {
        (_targets, _seed) = (targets, seed);
        _tallies = [.. targets.Select(target => new Tally(target))];
        _left = new int[targets.Length];
        _current = new (Fuzzer?, string)[jobs];
        for (int i = 0; i < targets.Length; i++)
        {
            long left = Math.Max(1, inputs / targets[i].Share);
            for (int batch = 0; left > 0; batch++, left -= Fuzzer.BatchSize, _left[i]++)
                _batches.Enqueue((i, batch, (int)Math.Min(left, Fuzzer.BatchSize)));
        }
    }

    /// <summary>Runs them; returns how many targets failed.</summary>
    public int Run()
    {
        Thread[] threads = [.. Enumerable.Range(0, _current.Length).Select(job => new Thread(() => Work(job)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return _tallies.Count(tally => tally.Finding is not null);
    }

    /// <summary>Ends the process where an input has not been decoded after <paramref name="limit"/>.</summary>
    public void EndIfHung(TimeSpan limit)
    {
        foreach ((Fuzzer? fuzzer, string name) in _current)
        {
            if (fuzzer is null || Volatile.Read(ref fuzzer.Since) is not (not 0 and var since)) continue;
            if (Stopwatch.GetElapsedTime(since) < limit) continue;
            Console.WriteLine($"FAILED {name}: hangs at {Convert.ToHexStringLower(fuzzer.Current.Span)}");
            Console.WriteLine("0 passed, 1 failed");
            Environment.Exit(1);
        }
    }

    private void Work(int job)
    {
        while (_batches.TryDequeue(out (int Target, int Batch, int Inputs) next))
        {
            Tally tally = _tallies[next.Target];
            if (tally.Finding is null)
            {
                var fuzzer = new Fuzzer(_targets[next.Target], _seed);
                _current[job] = (fuzzer, _targets[next.Target].Name);
                tally.Add(fuzzer.Run(next.Batch, next.Inputs));
            }

            if (Interlocked.Decrement(ref _left[next.Target]) == 0) Console.WriteLine(tally.Line(_seed));
        }
    }
}
