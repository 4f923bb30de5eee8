using System.Globalization;
using Nperf.Arguments;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;
using Nperf.Launch;

namespace Nperf.Fuzz.Targets;

/// <summary>What a user types, and the files that he names.</summary>
internal static class ArgumentTargets
{
    private static readonly string[] Words =
    [
        "-s", "-c", "node1", "-n", "4", "--op", "allreduce,broadcast", "-b", "1K", "-B", "1G", "--dtype", "float,half", "-J", "-o", "-t", "10",
        "--timeout", "30", "--split", "mod:2", "--root", "0,1", "--help", "doctor", "launch", "--hosts", "node[1-3]", "--", "--token-file",
        "/nofile", "--traffic", "/nofile", "--algo", "ring", "--algo-table", "/nofile", "--wait", "block", "algorithms", "--backend", "host", "-p", "5201", "--redop=sum", "-Jv", "--verify", "each", "--iters=3",
    ];

    public static IEnumerable<Target> All { get; } =
    [
        Value<long>("size", random => $"{random.From(1, 1000)}{random.Pick(["", "K", "M", "G", "t"])}", Values.Size, Number),
        Value<double>("seconds", random => $"{random.Below(1000)}.{random.From(1, 99)}", Values.Timeout, Decimal),
        Value<int>("whole", random => $"{random.Below(1000)}", Values.Whole(0, int.MaxValue), Number),
        Value<int>("ranks", random => random.OneIn(4) ? "all" : $"{random.From(1, 1024)}", Values.Ranks(1024),
            value => value == ProcessOptions.RankForEachGpu ? "all" : Number(value)),
        Value<double>("factor", random => $"{random.From(2, 9)}.5", Values.Factor, Decimal),
        Value<double>("tolerance", random => $"{random.From(1, 9)}e-{random.From(1, 9)}", Values.Tolerance, null),
        Value<double>("share", random => $"0.{random.Below(99)}0", Values.Share, null),
        Value<Split?>("split", random => $"{random.Pick(["mod:", "div:", "and:0x", "or:"])}{random.From(1, 9)}", Values.Split, split => split!.ToString()),
        Value<IReadOnlyList<string>>(
            "interface", random => random.Pick(["eth0", "10.1.0.0/16", "fd00::/8", "eth0,eth1", "ib0,10.1.0.0/16"]), Lists.NetworkInterfaces,
            names => string.Join(',', names)),
        Value<string?>("tcp-congestion", random => random.Pick(["cubic", "bbr", "dctcp"]), Values.CongestionControl, name => name!),
        Value<(string? Host, int? Port)>(
            "host-and-port", random => random.Pick(["node1", "node1:5201", "[fd00::1]:5201", "10.0.0.1", "fd00::1", "a.b-c.d:1"]), HostAndPort.Read,
            place => (place.Host!.Contains(':') ? $"[{place.Host}]" : place.Host) + (place.Port is { } port ? $":{port}" : "")),
        Value<IReadOnlyList<string>>("operations", random => random.Pick(["all", "allreduce", "allreduce,sendrecv"]), Lists.Operations, names => string.Join(',', names)),
        Value<IReadOnlyList<int>>("roots", random => $"{random.Below(9)},{random.Below(9)}", Lists.Roots, roots => roots.Count == 0 ? "all" : string.Join(',', roots)),
        new Target<TrafficMatrix>("traffic-file", Matrix, input => TrafficFile.Parse(Read.Text(input), out TrafficMatrix? matrix) is null ? matrix : null)
        {
            BytesPerByte = 128,
            Encode = matrix => Prng.Utf8(string.Join('\n', matrix.Rows.Select(row => string.Join(' ', row)))),
            Holds = (matrix, _) => matrix.IsSound,
        },
        new Target<AlgorithmRules>(
            "algorithm-file",
            random => Prng.Utf8($"# mine\nallreduce {random.From(2, 99)} {random.From(1, 99)}K ring # x\n\n{random.Pick(HostAlgorithms.Table)}\n"),
            input => AlgorithmFile.Parse(Read.Text(input).Split('\n'), out AlgorithmRules? rules) is null ? rules : null)
        {
            BytesPerByte = 128,
            Encode = rules => Prng.Utf8(string.Join('\n', rules.Rules)),
            Holds = (rules, _) => rules.IsSound && rules.Rules.All(HostAlgorithms.Has),
        },
        // As many hosts as there can be, each with a name as long as it can be.
        Hosts("hosts", random => random.Pick(["node[1-3]", "a,b,me@c", "rack[1-2]n[01-04]", "fd00::1"]), (list, text) => list.AddList(text)),
        Hosts("hostfile", random => $"# all\nnode1:4\nnode[2-{random.From(3, 9)}] slots=2\n\nme@node10\n", (list, text) => list.AddLines(text.Split('\n'))),
        Line("command-line", 0),
        Line("launch-line", 1),
    ];

    private static Target<Boxed<T>> Value<T>(string name, Func<Prng, string> generate, ValueReader<T> read, Func<T, string>? show) => new(
        name, random => Prng.Utf8(generate(random)), input => read(Read.Text(input), out T value) is null ? new(value) : null)
    {
        BytesPerByte = 128,
        Encode = show is null ? null : value => Prng.Utf8(show(value.Value)),
    };

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Decimal(double value) => value.ToString("0.###################", CultureInfo.InvariantCulture);

    private static byte[] Matrix(Prng random)
    {
        int ranks = random.From(1, 5);
        return Prng.Utf8(string.Join('\n', Enumerable.Range(0, ranks).Select(
            _ => string.Join(' ', Enumerable.Range(0, ranks).Select(_ => random.OneIn(4) ? "1e6" : $"{random.From(1, 5000)}")))));
    }

    private static Target<HostList> Hosts(string name, Func<Prng, string> generate, Func<HostList, string, string?> add) => new(
        name,
        random => Prng.Utf8(generate(random)),
        input =>
        {
            var list = new HostList();
            return add(list, Read.Text(input)) is null ? list : null;
        })
    {
        FixedBytes = 32 << 20,
        BytesPerByte = 256,
        Holds = (list, _) => list.Hosts.Count is > 0 and <= HostPattern.MostHosts && list.Hosts.All(host => host.Name.Length > 0),
    };

    // Words have no NUL in them: it stands between them here.
    private static Target<ParsedCommand> Line(string name, int first)
    {
        var empty = new Dictionary<string, string>();
        return new(
            name,
            random => Prng.Utf8(string.Join('\0', first == 1
                ? ["launch", "--hosts", "node[1-2]", "--", "--op", "allreduce"]
                : random.OneIn(2) ? ["--op", "allreduce", "-b", $"{random.From(1, 9)}K"] : random.Several(8, () => random.Pick(Words)))),
            input => CommandLine.Parse(Read.Text(input).Split('\0'), empty))
        {
            FixedBytes = 32 << 20,
            BytesPerByte = 1024,
            Share = 10,
            // The user's own, of which each of 45,000 words may be a mistake that is answered.
            TimeLimit = TimeSpan.FromSeconds(1),
            Holds = (command, _) => command.Errors.All(error => error.Length > 0),
        };
    }
}
