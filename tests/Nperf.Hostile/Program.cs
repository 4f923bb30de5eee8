// Strangers at nperf's ports while a run comes together and while it goes on; scripts/hostile.sh has the options.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Nperf.Hostile;

const int MostStrangerLines = 64;
const double MostJoinSeconds = 1;
const long MostMemory = 64L << 20;
const string Token = "hostile-0123456789abcdef";

// What the server says once its ranks are connected.
const string Connected = "no NCCL: ";

// Enough connections between ranks to stop a client among them.
const int RanksAtDataPorts = 8;
string[] sizes = ["8", "512", "32K", "2M"];

if (args.Length == 0 || args.Length % 2 == 0) return Usage();
string program = Path.GetFullPath(args[0]);
int connections = 1000, rounds = 7, clients = 4, seed = 1;
for (int i = 1; i < args.Length; i += 2)
{
    if (!int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out int value) || value < 1) return Usage();
    if (args[i] == "--connections") connections = value;
    else if (args[i] == "--rounds") rounds = value;
    else if (args[i] == "--seed") seed = value;
    else return Usage();
}

var checks = new Checks();
string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
Console.WriteLine($"{date}, {connections} hostile connections at a time of {Enum.GetValues<Manner>().Length} kinds, seed {seed}\n");
Console.WriteLine("| while the run comes together | strangers | longest join (ms) | without any (ms) | lines about strangers | server's memory (MiB) | without any (MiB) |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
foreach (string? token in new[] { null, Token }) await RendezvousAsync(token);
Console.WriteLine("\n| at a data port | strangers | ports | until all ranks are connected (ms) | without any (ms) | server's memory (MiB) |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
foreach (string? token in new[] { null, Token }) await DataPortAsync(token);
Console.WriteLine("\n| while the run goes on | bytes | median (us) | with strangers / without | without / without | server's memory (MiB) |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
foreach (string? token in new[] { null, Token }) await RunAsync(token);
Console.WriteLine($"{checks.Passed} passed, {checks.Failed} failed");
return checks.Failed == 0 ? 0 : 1;

static int Usage()
{
    Console.Error.WriteLine("hostile: BINARY [--connections N] [--rounds N] [--seed N], numbers from 1 on (--help)");
    return 2;
}

static string With(string? token) => token is null ? "without a token" : "with a token";

static string MiB(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);

static string Shown(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

Command Server(string? token, int expected, params string[] more) =>
    new(program, token, ["-s", "-p", "0", "-n", $"{expected}", "--bind", "127.0.0.1", "--transport", "tcp", "-J", .. more]);

Command Client(string? token, IPEndPoint server, params string[] more) => new(program, token, ["-c", $"127.0.0.1:{server.Port}", .. more]);

// Good clients join while strangers are at the port: how long from their start to the server's word.
async Task RendezvousAsync(string? token)
{
    (double calm, long calmMemory, _) = await JoinAsync(token, 0);
    (double longest, long memory, int lines) = await JoinAsync(token, connections);
    Console.WriteLine(
        $"| {With(token)} | {connections} | {Shown(longest * 1e3, "0")} | {Shown(calm * 1e3, "0")} | {lines} | {MiB(memory)} | {MiB(calmMemory)} |");
    checks.That(longest < MostJoinSeconds, $"a client took {longest:0.00} s to join {With(token)}");
    checks.That(lines <= MostStrangerLines, $"{lines} lines about strangers {With(token)}");
    checks.That(memory - calmMemory < MostMemory, $"strangers took {MiB(memory - calmMemory)} MiB of memory {With(token)}");
}

async Task<(double Longest, long Memory, int Lines)> JoinAsync(string? token, int strangers)
{
    using Command server = Server(token, clients, "-b", "1K", "--iters", "20");
    await using var crowd = new Strangers(server.Endpoint(), token is not null, seed);
    await crowd.AddAsync(strangers, TimeSpan.Zero);
    await UntilAsync(() => crowd.Acted == strangers, "the strangers have come");
    double longest = 0;
    var joining = new List<Command>();
    for (int i = 1; i <= clients; i++)
    {
        Command client = Client(token, server.Endpoint());
        joining.Add(client);
        longest = Math.Max(longest, Stopwatch.GetElapsedTime(client.StartedAt, server.Await($"client {i} of {clients}: ").At).TotalSeconds);
    }

    long memory = Check(server, joining, token, "while the run came together").Memory;
    checks.That(crowd.Connected == strangers, $"{crowd.Connected} of {strangers} strangers connected");
    return (longest, memory, server.Lines.Count(line => line.StartsWith("closed a connection", StringComparison.Ordinal)));
}

// One client is stopped before it has made its data connections: as long as that lasts, strangers come to the ports for data.
async Task DataPortAsync(string? token)
{
    (double calm, _, _, _) = await HeldAsync(token, 0);
    (double seconds, long memory, int ports, int connected) = await HeldAsync(token, connections);
    Console.WriteLine(
        $"| {With(token)} | {connected} | {ports} | {Shown(seconds * 1e3, "0")} | {Shown(calm * 1e3, "0")} | {MiB(memory)} |");
    checks.That(connected == connections, $"{connected} strangers connected to data ports {With(token)}");
    checks.That(seconds - calm < MostJoinSeconds, $"strangers at its data ports cost a run {seconds - calm:0.00} s {With(token)}");
}

async Task<(double Seconds, long Memory, int Ports, int Connected)> HeldAsync(string? token, int strangers)
{
    for (int attempt = 0; attempt < 20; attempt++)
    {
        using Command server = Server(token, 2, "-g", $"{RanksAtDataPorts}", "-b", "1K", "--iters", "3", "--warmup", "1");
        IPEndPoint control = server.Endpoint();
        using Command first = Client(token, control, "-g", $"{RanksAtDataPorts}");
        server.Await("client 1 of 2: ");
        using Command second = Client(token, control, "-g", $"{RanksAtDataPorts}");
        int[] ports = DataPorts(server, control.Port);
        second.Signal("STOP");
        await Task.Delay(100);
        ports = [.. ports.Intersect(ListeningPorts.Of(server.Id))];
        if (ports.Length == 0)
        {
            // It was quicker: all have connected.
            second.Signal("CONT");
            Check(server, [first, second], token, "in an attempt", RanksAtDataPorts);
            continue;
        }

        await using var crowd = new Strangers(new IPEndPoint(IPAddress.Loopback, ports[0]), token is not null, seed);
        await crowd.AddAsync(strangers, TimeSpan.Zero);
        await UntilAsync(() => crowd.Acted == strangers, "the strangers have come");
        long start = Stopwatch.GetTimestamp();
        second.Signal("CONT");
        double seconds = Stopwatch.GetElapsedTime(start, server.Await(Connected).At).TotalSeconds;
        long memory = Check(server, [first, second], token, "with strangers at its data port", RanksAtDataPorts).Memory;
        return (seconds, memory, ports.Length, crowd.Connected);
    }

    throw new InvalidOperationException("no client could be stopped before it had its data connections");
}

// The ports beside the control port, as soon as there are any.
static int[] DataPorts(Command server, int control)
{
    var clock = Stopwatch.StartNew();
    while (clock.Elapsed < TimeSpan.FromSeconds(60))
    {
        HashSet<int> ports = ListeningPorts.Of(server.Id);
        ports.Remove(control);
        if (ports.Count > 0) return [.. ports];
        if (server.Lines.Any(line => line.StartsWith(Connected, StringComparison.Ordinal))) return [];
    }

    return [];
}

// The same run without strangers, with them, and without again, in turns.
async Task RunAsync(string? token)
{
    var disturbed = sizes.Select(_ => new List<double>()).ToArray();
    var noise = sizes.Select(_ => new List<double>()).ToArray();
    var medians = sizes.Select(_ => new List<double>()).ToArray();
    long most = 0;
    for (int round = 0; round < rounds; round++)
    {
        double[] before = await MeasureAsync(token, 0);
        double[] between = await MeasureAsync(token, connections);
        double[] after = await MeasureAsync(token, 0);
        for (int i = 0; i < sizes.Length; i++)
        {
            medians[i].Add(before[i]);
            disturbed[i].Add(between[i] / before[i]);
            noise[i].Add(after[i] / before[i]);
        }
    }

    for (int i = 0; i < sizes.Length; i++)
    {
        Console.WriteLine(
            $"| {With(token)} | {sizes[i]} | {Shown(Median(medians[i]), "0.0")} | {Shown(Median(disturbed[i]), "0.000")} "
            + $"| {Shown(Median(noise[i]), "0.000")} ({Shown(noise[i].Min(), "0.00")} to {Shown(noise[i].Max(), "0.00")}) | {MiB(most)} |");
        // Not slower than the same run differs from itself.
        double allowed = Math.Max(0.05, Math.Max(noise[i].Max() - 1, 1 - noise[i].Min()));
        double ratio = Median(disturbed[i]);
        checks.That(ratio - 1 <= allowed, $"{sizes[i]} B take {ratio:0.00} times as long with strangers {With(token)}");
    }

    async Task<double[]> MeasureAsync(string? with, int strangers)
    {
        using Command server = Server(with, 1, "-b", sizes[0], "-B", sizes[^1], "--step", "64", "-t", "0.7", "--verify", "none");
        IPEndPoint endpoint = server.Endpoint();
        using Command client = Client(with, endpoint);
        server.Await("client 1 of 1: ");
        await using var crowd = new Strangers(endpoint, with is not null, seed);
        Task adding = crowd.AddAsync(strangers, TimeSpan.FromSeconds(2));
        (long memory, double[] figures) = Check(server, [client], with, "while the run went on");
        await adding;
        most = Math.Max(most, memory);
        if (strangers > 0) checks.That(crowd.Connected > strangers / 2, $"only {crowd.Connected} strangers came within the run");
        return figures;
    }
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

// All ended well, of as many ranks as there were good clients and the server; the server's memory and the medians.
(long Memory, double[] Medians) Check(Command server, IReadOnlyList<Command> good, string? token, string when, int ranksOfEach = 1)
{
    (int code, string output) = server.End();
    bool isWhole = code == 0 && good.All(client => client.End().Code == 0);
    checks.That(isWhole, $"the run {when} {With(token)} ended with {code}: {string.Join(" | ", server.Lines.TakeLast(3))}");
    if (code != 0) return (0, new double[sizes.Length]);
    using JsonDocument document = JsonDocument.Parse(output);
    JsonElement[] results = [.. document.RootElement.GetProperty("results").EnumerateArray()];
    JsonElement[] ranks = [.. results[^1].GetProperty("ranks").EnumerateArray()];
    checks.That(ranks.Length == ranksOfEach * (good.Count + 1), $"{ranks.Length} ranks {when} {With(token)}");
    return (
        ranks[0].GetProperty("peakMemoryBytes").GetInt64(),
        [.. results.Select(result => result.GetProperty("timeUs").GetProperty("p50").GetDouble())]);
}

static async Task UntilAsync(Func<bool> holds, string what)
{
    var clock = Stopwatch.StartNew();
    while (!holds())
    {
        if (clock.Elapsed > TimeSpan.FromSeconds(60)) throw new InvalidOperationException($"it is not so that {what}");
        await Task.Delay(5);
    }
}
