using Nperf;
using Nperf.Arguments;
using Nperf.Core.Rendezvous;
using Nperf.Output;

if (Environment.GetEnvironmentVariable(Membership.Variable) is { Length: > 0 } starter) return MemberCommand.Execute(starter, args);
ParsedCommand command = CommandLine.Parse(args, EnvironmentVariables.All());
if (command.Text is not null) return StandardStreams.TrySay(StandardStreams.Output, command.Text) ? ExitCode.Done : ExitCode.Failed;
if (command.Errors.Count > 0)
{
    IEnumerable<string> lines = [.. command.Errors.Select(ErrorLine.Of), "nperf: try nperf --help"];
    StandardStreams.TrySay(StandardStreams.Error, string.Join('\n', lines));
    return ExitCode.Usage;
}
if (command.Doctor is { } doctor) return DoctorCommand.Execute(doctor);
return command.Run.Topology ? TopologyCommand.Execute(command) : RunCommand.Execute(command);
