using System.Net;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.MpiMode;

/// <summary>
/// The rendezvous of a run with MPI: the first process has rank 0 and its options are the run's, the others' ranks follow
/// in the order of MPI_COMM_WORLD. The messages are those of socket mode.
/// </summary>
internal sealed class MpiRendezvous(
    MpiSession session, RunOptions options, IReadOnlySet<string> given, ProcessOptions process, AbortSignal abort,
    RunObserver observer)
{
    private const string Step = "rendezvous";

    private readonly Deadline _deadline = Deadline.AfterSeconds(process.JoinTimeoutSeconds);

    /// <summary>Returns when every process has; a failure is told to the others by the caller.</summary>
    public Control Run()
    {
        Control control = session.Rank == 0 ? Lead() : Follow();
        control.Barrier(Step);
        observer.WorldComplete(control);
        return control;
    }

    private ServerControl Lead()
    {
        Hello[] hellos = [Introduce(), .. session.Mail.Channels.Select((channel, index) => HelloFrom(channel, index + 1))];
        ProcessInfo[] processes = Seat(hellos);
        for (int i = 1; i < hellos.Length; i++)
        {
            Failure? refusal = Refusals.OtherVersion(hellos[i], "rank 0", Wording.Name(processes[i]))
                ?? Refusals.OtherOptions(options, hellos[i], "rank 0", Wording.Name(processes[i]));
            if (refusal is not null) throw new RunException(refusal with { Rank = processes[i].FirstRank, Host = processes[i].Host });
        }

        var peers = new Peers(abort, rank: 0, process.RanksPerProcess, options.Timeout);
        byte[] runId = ControlLimits.NewRunId();
        Message world = Payloads.World(processes);
        for (int i = 1; i < processes.Length; i++)
        {
            MpiChannel channel = session.Mail.ChannelTo(i);
            channel.Post(Payloads.Json(MessageType.Welcome, WelcomeTo(processes, i), ProtocolJson.Default.Welcome));
            channel.Post(world);
            channel.Post(new Message(MessageType.Id, runId));
            peers.Add(channel, processes[i]);
        }

        return new ServerControl(peers, new World(processes), options, runId, AddressOf(processes[0]));
    }

    private ClientControl Follow()
    {
        const int Leader = 0;
        MpiChannel channel = session.Mail.ChannelTo(Leader);
        channel.Post(Payloads.Json(MessageType.Hello, Introduce(), ProtocolJson.Default.Hello));
        Welcome welcome;
        try
        {
            welcome = WelcomeCheck.Checked(
                Payloads.Json(Take(channel, MessageType.Welcome, "rank 0"), ProtocolJson.Default.Welcome), process);
        }
        catch (ProtocolException wrong)
        {
            throw Fail(FailureKind.Error, $"rank 0 {wrong.Message}");
        }

        var peers = new Peers(abort, welcome.Self.FirstRank, welcome.Self.RankCount, welcome.Options.Timeout);
        peers.Add(channel, welcome.Server);
        TimeSpan wait = ControlLimits.ClientWait(TimeSpan.FromSeconds(welcome.JoinTimeoutSeconds));
        World world = peers.Decode(Leader, () => WelcomeCheck.CheckedWorld(
            Payloads.World(peers.TakeWithin(wait, Leader, MessageType.World)), welcome.Self));
        byte[] runId = peers.TakeWithin(wait, Leader, MessageType.Id).Payload.ToArray();
        ProcessInfo self = world.Processes[welcome.Self.Index];
        return new ClientControl(peers, world, self, welcome.Options, runId, AddressOf(self), token: null, members: null);
    }

    private Hello HelloFrom(MpiChannel channel, int index)
    {
        string who = $"process {index} of MPI_COMM_WORLD";
        try
        {
            return HelloCheck.Checked(Payloads.Json(Take(channel, MessageType.Hello, who), ProtocolJson.Default.Hello));
        }
        catch (ProtocolException wrong)
        {
            throw Fail(FailureKind.Error, $"{who} {wrong.Message}");
        }
    }

    private Message Take(MpiChannel channel, MessageType type, string from)
    {
        if (!channel.TryTake(_deadline, abort.Token, out Message message))
        {
            abort.ThrowIfSet();
            throw Fail(FailureKind.Timeout, $"{from} did not join within {Wording.Seconds(process.JoinTimeoutSeconds)}");
        }

        return message.Type == type
            ? message
            : throw new ProtocolException($"sent {message.Type} where {type} was expected");
    }

    /// <summary>On one host nobody needs an address; else each process has its own.</summary>
    private static ProcessInfo[] Seat(Hello[] hellos)
    {
        bool onOneHost = hellos.All(hello => hello.MachineId == hellos[0].MachineId && hello.Host == hellos[0].Host);
        var processes = new ProcessInfo[hellos.Length];
        int ranks = 0;
        for (int i = 0; i < hellos.Length; i++)
        {
            Hello hello = hellos[i];
            processes[i] = new ProcessInfo
            {
                Index = i,
                FirstRank = ranks,
                RankCount = hello.Ranks,
                Host = PrintableText.From(hello.Host),
                MachineId = hello.MachineId,
                SharedMemoryId = hello.SharedMemoryId,
                Processors = hello.Processors,
                ProcessId = hello.ProcessId,
                Address = onOneHost ? ThisProcess.NoAddress : PrintableText.From(hello.Address ?? ThisProcess.NoAddress),
            };
            ranks += hello.Ranks;
        }

        return processes;
    }

    private Welcome WelcomeTo(ProcessInfo[] processes, int index) => new()
    {
        Version = ThisProcess.Version,
        Self = processes[index],
        Server = processes[0],
        Joined = processes.Length - 1,
        Expected = processes.Length - 1,
        JoinTimeoutSeconds = process.JoinTimeoutSeconds,
        Options = options,
    };

    private Hello Introduce() =>
        Hello.From(process, options, given) with { Address = InterfaceAddress.OfDefaultRoute()?.ToString() };

    private static IPAddress? AddressOf(ProcessInfo process) =>
        IPAddress.TryParse(process.Address, out IPAddress? address) ? address : null;

    private static RunException Fail(FailureKind kind, string message) =>
        new(new Failure(kind, message) { Host = ThisProcess.Host, Step = Step });
}
