using Nperf.Core;
using Nperf.Core.Launch;
using Nperf.Core.Launchers;
using Nperf.Launch;

namespace Nperf.Fuzz.Targets;

/// <summary>What comes through the pipes of <c>nperf launch</c> and of member processes, and from launchers.</summary>
internal static class LaunchTargets
{
    public static IEnumerable<Target> All { get; } =
    [
        new Target<Told>(
            "tether-input",
            random => new Told(random.Word(64), [random.Bytes(random.Below(100)), random.Bytes(random.Below(100))], random.Several(3, () => random.Pick([".", "interrupt", "x"]))).ToBytes(),
            ReadTether)
        {
            FixedBytes = 128 << 10,
            BytesPerByte = 128,
            Encode = told => told.ToBytes(),
        },
        new Target<string[]>(
            "lines",
            random => Prng.Utf8(string.Concat(random.Several(6, () => random.Word(80) + random.Pick(["\n", "\r\n"])))),
            ReadLines)
        {
            FixedBytes = 64 << 10,
            BytesPerByte = 128,
            Encode = lines => Prng.Utf8(string.Concat(lines.Select(line => line + "\r\n"))),
            Holds = (lines, _) => lines.All(line => line.Length <= 100),
        },
        new Target<HostReply>(
            "host-reply",
            random => Prng.Utf8(
                $"Welcome\nnperf-host Linux x86_64\nnperf-path /usr/bin/nperf\nnperf-hash {Convert.ToHexStringLower(random.Bytes(32))}\n"
                + "nperf-version nperf 0.1.0\nnperf-path /x\n"),
            input => HostReply.Of(Read.Text(input)))
        {
            BytesPerByte = 128,
        },
        new Target<Launched>("launcher", Variables, input => Launcher.Find(Environment(Read.Text(input)))!)
        {
            Refusals = [typeof(LauncherException)],
            Holds = (launched, _) => launched.Process >= 0 && launched.Process < launched.Processes && launched.Port is not (< 1 or > 65535),
        },
        new Target<string>(
            "slurm-nodes",
            random => Prng.Utf8(random.Pick(["node[1-3,07],b2", "a1,a2", "rack[1-2]n[03-4]x", "login"])),
            input => SlurmNodeList.First(Read.Text(input)))
        {
            Encode = Prng.Utf8,
        },
    ];

    private static Told? ReadTether(ReadOnlyMemory<byte> bytes)
    {
        var input = new TetherInput(Read.Stream(bytes));
        if (input.ReadLine() is not { } token || input.ReadFiles(Tether.FileOptions.Count) is not { } files) return null;
        var orders = new List<string>();
        while (input.ReadLine() is { } order) orders.Add(order);

        // Bytes that are no text become a sign of three bytes each: the same again may be longer than what is read.
        return orders.Prepend(token).Any(line => line.Contains('\uFFFD')) ? null : new Told(token, files, [.. orders]);
    }

    private static string[] ReadLines(ReadOnlyMemory<byte> input)
    {
        var reader = new LineReader(new StringReader(Read.Text(input)), longest: 100);
        var lines = new List<string>();
        while (Read.Now(reader.ReadAsync()) is { } line) lines.Add(line);
        return [.. lines];
    }

    private static byte[] Variables(Prng random)
    {
        int processes = random.From(2, 64), process = random.Below(processes);
        return Prng.Utf8(random.Below(4) switch
        {
            0 => $"RANK={process}\nWORLD_SIZE={processes}\nMASTER_ADDR=node1\nMASTER_PORT=29500\nGROUP_WORLD_SIZE=2",
            1 => $"OMPI_COMM_WORLD_RANK={process}\nOMPI_COMM_WORLD_SIZE={processes}",
            2 => $"SLURM_PROCID={process}\nSLURM_STEP_NUM_TASKS={processes}\nSLURM_JOB_ID={random.Below(99999)}\nSLURM_STEP_ID=0\nSLURM_STEP_NODELIST=node[1-9]",
            _ => $"JOB_COMPLETION_INDEX={process}\nWORLD_SIZE={processes}\nMASTER_ADDR=node1",
        });
    }

    private static Dictionary<string, string> Environment(string text)
    {
        var variables = new Dictionary<string, string>();
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split('=', 2);
            variables[parts[0]] = parts[^1];
        }

        return variables;
    }

    private sealed record Told(string Token, IReadOnlyList<byte[]> Files, string[] Orders)
    {
        public byte[] ToBytes() =>
        [
            .. Prng.Utf8($"{Token}\n"), .. Files.SelectMany(file => Prng.Utf8($"{file.Length}\n").Concat(file)),
            .. Prng.Utf8(string.Concat(Orders.Select(order => order + "\n"))),
        ];
    }
}
