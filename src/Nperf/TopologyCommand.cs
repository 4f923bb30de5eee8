using System.Text;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.MpiMode;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Topology;
using Nperf.Output;

namespace Nperf;

/// <summary><c>nperf --topology</c>: shows what every host has, and runs nothing.</summary>
internal static class TopologyCommand
{
    /// <summary>Looks, prints, and returns the exit code; without a GPU that is 0 too.</summary>
    public static int Execute(ParsedCommand command, Signals signals)
    {
        var abort = new AbortSignal();
        var leaving = new LeaveWatch(abort, ExitCode.Of);
        signals.End(abort);
        MpiSession? mpi = null;
        Control? control = null;
        Failure? failure = null;
        int code = ExitCode.Done;
        try
        {
            if (command.Process.Mode == Mode.Mpi) mpi = MpiSession.Start(command.Process, abort);
            ConsoleOptions console = command.Console;
            if (console.Output is not null && !command.Process.LeavesOutputToServer) OutputFile.Check(console.Output);
            using StreamWriter status = Status(command.Process, console);
            if (command.Process.Found is { } found) status.WriteLine(found);
            var observer = new TableWriter(command.Process, status, table: null);
            control = Join(command, mpi, abort, observer);
            IReadOnlyList<HostTopology> hosts = TopologyRun.Gather(control);
            control.Leave();
            if (command.Process.Mode == Mode.Client) status.WriteLine("the server shows every host's topology");
            else if (control.Self.Index == 0) DocumentWriter.Write(Encoding.UTF8.GetBytes(TopologyReport.Build(hosts, console.TopologyFormat)), console.Output);
        }
        catch (Exception exception)
        {
            failure = abort.Failure ?? Failure.Of(exception);
            control?.Abort(failure);
            if (control is null) mpi?.Tell(failure);
            string trace = command.Console.Debug ? $"\n{exception}" : "";
            if (mpi is null or { Rank: 0 }) StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(failure) + trace);
            code = ExitCode.Of(failure);
        }

        control?.Dispose();
        leaving.Written();
        if (mpi is null) return ProcessEnd.Of(code);
        return mpi.End(failure is null || mpi.AgreeToEnd(failure, hasStopped: true), code, hasStopped: true);
    }

    private static Control Join(ParsedCommand command, MpiSession? mpi, AbortSignal abort, RunObserver observer)
    {
        // However many ranks are asked for, one sees what the host has.
        ProcessOptions process = command.Process with { RanksPerProcess = 1 };
        return Run.Join(command.Run, command.Given, process, abort, observer, mpi);
    }

    // Who joined goes where the topology does not: both may be text for people, but scripts read the rest.
    private static StreamWriter Status(ProcessOptions process, ConsoleOptions console)
    {
        if (process.LeavesOutputToServer && !console.Verbose) return StreamWriter.Null;
        bool isForPeople = console is { Output: null, TopologyFormat: TopologyFormat.Matrix or TopologyFormat.Tree };
        Stream stream = isForPeople ? StandardStreams.Output() : StandardStreams.Error();
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new StreamWriter(stream, encoding) { AutoFlush = true, NewLine = "\n" };
    }
}
