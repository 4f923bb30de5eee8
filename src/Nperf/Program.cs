using Nperf;
using Nperf.Arguments;
using Nperf.Core.Launch;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Launch;
using Nperf.Output;

if (Environment.GetEnvironmentVariable(Membership.Variable) is { Length: > 0 } starter) return MemberCommand.Execute(starter, args);
if (args is [Tether.Word, ..]) return TetherCommand.Execute(args[1..]);
bool isTied = Environment.GetEnvironmentVariable(Tether.Variable) is { Length: > 0 };
if (isTied && !TetherCommand.TryTie()) return ExitCode.Usage;
ParsedCommand command = CommandLine.Parse(args, EnvironmentVariables.All());
if (command.Text is not null) return StandardStreams.TrySay(StandardStreams.Output, command.Text) ? ExitCode.Done : ExitCode.Failed;
if (command.Errors.Count > 0)
{
    string help = args is [LaunchLine.Word, ..] ? $"nperf {LaunchLine.Word} --help" : "nperf --help";
    IEnumerable<string> lines = [.. command.Errors.Select(ErrorLine.Of), $"nperf: try {help}"];
    StandardStreams.TrySay(StandardStreams.Error, string.Join('\n', lines));
    return ExitCode.Usage;
}

// A launch shows what the server says: a client speaks up where the server cannot know.
if (isTied && command.Process.Mode == Mode.Client) command = command with { Process = command.Process with { LeavesOutputToServer = true } };
if (command.Doctor is { } doctor) return DoctorCommand.Execute(doctor);
if (command.Launch is { } launch) return LaunchCommand.Execute(launch);
if (command.Run.Topology) return TopologyCommand.Execute(command);
return command.Process.Mode == Mode.Mpi ? MpiCommand.Execute(command) : RunCommand.Execute(command);
