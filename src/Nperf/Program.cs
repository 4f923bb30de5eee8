using Nperf;
using Nperf.Arguments;
using Nperf.Core.Launch;
using Nperf.Core.Machine;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Output;

// A terminal sends its signals to every process: the one that the user started ends the run for its members.
bool isMember = Environment.GetEnvironmentVariable(Membership.Variable) is { Length: > 0 };
using var signals = new Signals(ignores: isMember);
OpenFileLimit.Raise();
if (isMember) return MemberCommand.Execute(Environment.GetEnvironmentVariable(Membership.Variable)!, args);
if (args is [Tether.Word, ..])
{
    signals.Dispose(); // It has its own.
    return TetherCommand.Execute(args[1..]);
}

bool isTied = Environment.GetEnvironmentVariable(Tether.Variable) is { Length: > 0 };
if (isTied && !TetherCommand.TryTie()) return ExitCode.Usage;
ParsedCommand command = CommandLine.Parse(args, EnvironmentVariables.All());
if (command.Text is not null) return StandardStreams.TrySay(StandardStreams.Output, command.Text) ? ExitCode.Done : ExitCode.Failed;
if (command.Errors.Count > 0)
{
    string help = CommandTable.Of(args) is { Title: not null } ofItsOwn ? $"nperf {ofItsOwn.Word} --help" : "nperf --help";
    IEnumerable<string> lines = [.. command.Errors.Select(ErrorLine.Of), $"nperf: try {help}"];
    StandardStreams.TrySay(StandardStreams.Error, string.Join('\n', lines));
    return ExitCode.Usage;
}

// A launch shows what the server says: a client speaks up where the server cannot know.
if (isTied && command.Process.Mode == Mode.Client) command = command with { Process = command.Process with { LeavesOutputToServer = true } };
if (command.Doctor is { } doctor) return DoctorCommand.Execute(doctor);
if (command.Compare is { } compare) return CompareCommand.Execute(compare);
if (command.Report is { } report) return ReportCommand.Execute(report);
if (command.Launch is { } launch) return LaunchCommand.Execute(launch, signals);
if (command.Run.Topology) return TopologyCommand.Execute(command, signals);
return command.Process.Mode == Mode.Mpi ? MpiCommand.Execute(command, signals) : RunCommand.Execute(command, signals);
