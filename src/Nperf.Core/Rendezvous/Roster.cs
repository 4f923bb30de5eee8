using System.Security.Cryptography;
using System.Text;
using Nperf.Native;

namespace Nperf.Core.Rendezvous;

/// <summary>A process that a user started, the server or a client, and the places of the processes that it brings.</summary>
internal sealed class Head
{
    private const int SecretBytes = 32;

    public Head(int number, int index, int firstRank, int ranks, int processes)
    {
        Number = number;
        Index = index;
        FirstRank = firstRank;
        Ranks = ranks;
        Processes = new ProcessInfo?[processes];
        if (processes == 1) return;
        byte[] secret = new byte[SecretBytes];
        LibC.FillRandom(secret);
        Secret = Convert.ToHexStringLower(secret);
    }

    /// <summary>Its number among the processes that users started.</summary>
    public int Number { get; }

    /// <summary>Its index; its members have those that follow.</summary>
    public int Index { get; }

    /// <summary>Its lowest rank.</summary>
    public int FirstRank { get; }

    /// <summary>The ranks of its processes together.</summary>
    public int Ranks { get; }

    /// <summary>Itself and its members, as far as they have joined.</summary>
    public ProcessInfo?[] Processes { get; }

    /// <summary>What a member has to show; null where there is none.</summary>
    public string? Secret { get; }

    /// <summary>The head as one process with all its ranks: how it counts for a user.</summary>
    public ProcessInfo AsWhole => Processes[0]! with { RankCount = Ranks };

    /// <summary>Those of its ranks whose processes have not joined.</summary>
    public IEnumerable<int> Missing =>
        Enumerable.Range(0, Processes.Length).Where(i => Processes[i] is null).Select(i => FirstRank + i);

    /// <summary>True when <paramref name="hello"/> comes from a member whose place is free.</summary>
    public bool HasPlaceFor(Hello hello) =>
        hello is { Member: > 0, Secret: not null, Ranks: 1 }
        && hello.Member < Processes.Length
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hello.Secret), Encoding.UTF8.GetBytes(Secret!))
        && Processes[hello.Member.Value] is null;

    /// <summary>Gives a process of this head its place.</summary>
    public ProcessInfo Seat(int member, Hello hello, string address)
    {
        int ranks = Ranks / Processes.Length;
        ProcessInfo process = new()
        {
            Index = Index + member,
            FirstRank = FirstRank + (member * ranks),
            RankCount = ranks,
            Host = hello.Host,
            MachineId = hello.MachineId,
            SharedMemoryId = hello.SharedMemoryId,
            Processors = hello.Processors,
            ProcessId = hello.ProcessId,
            Address = address,
        };
        Processes[member] = process;
        return process;
    }
}

/// <summary>
/// Who has which index and ranks: the processes that users started, in the order in which they came or were numbered from
/// outside, the server's first, each followed by its members. Not for several threads at once.
/// </summary>
internal sealed class Roster
{
    private readonly List<Head> _heads = [];

    /// <summary>The processes that users started beside the server.</summary>
    public IEnumerable<Head> Clients => _heads.Skip(1);

    /// <summary>How many of them there are.</summary>
    public int ClientCount => _heads.Count - 1;

    /// <summary>How many processes those who have come bring together, the server's own too.</summary>
    public int ProcessCount { get; private set; }

    /// <summary>Heads that miss members.</summary>
    public IEnumerable<Head> Incomplete => _heads.Where(head => head.Missing.Any());

    /// <summary>Every process, by index.</summary>
    public IEnumerable<ProcessInfo> Processes => _heads.SelectMany(head => head.Processes).Select(process => process!);

    /// <summary>Makes room for a process and its members, behind all others.</summary>
    public Head Add(int ranks, int processes)
    {
        Head? last = _heads.Count == 0 ? null : _heads[^1];
        Head head = new(
            _heads.Count, last is null ? 0 : last.Index + last.Processes.Length, last is null ? 0 : last.FirstRank + last.Ranks,
            ranks, processes);
        _heads.Add(head);
        ProcessCount += processes;
        return head;
    }

    /// <summary>
    /// Makes room for a process of that number and its members. All processes bring as many ranks and processes, so that
    /// those of lower numbers need not have come.
    /// </summary>
    public Head AddAt(int number, int ranks, int processes)
    {
        Head head = new(number, number * processes, number * ranks, ranks, processes);
        _heads.Insert(_heads.Count(other => other.Number < number), head);
        ProcessCount += processes;
        return head;
    }

    /// <summary>The process that has come of that number, or null.</summary>
    public Head? At(int number) => _heads.FirstOrDefault(head => head.Number == number);

    /// <summary>The numbers below <paramref name="worldSize"/> of which no process has come.</summary>
    public IEnumerable<int> MissingOf(int worldSize) =>
        Enumerable.Range(0, worldSize).Except(_heads.Select(head => head.Number));

    /// <summary>The head that has a free place for the member that says <paramref name="hello"/>, or null.</summary>
    public Head? HeadOf(Hello hello) =>
        _heads.FirstOrDefault(head => head.Index == hello.MemberOf && head.HasPlaceFor(hello));
}
