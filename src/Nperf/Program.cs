using Nperf;
using Nperf.Arguments;
using Nperf.Output;

ParsedCommand command = CommandLine.Parse(args);
if (command.Text is not null) return StandardStreams.TrySay(StandardStreams.Output, command.Text) ? ExitCode.Done : ExitCode.Failed;
if (command.Errors.Count > 0)
{
    IEnumerable<string> lines = [.. command.Errors.Select(ErrorLine.Of), "nperf: try nperf --help"];
    StandardStreams.TrySay(StandardStreams.Error, string.Join('\n', lines));
    return ExitCode.Usage;
}
if (command.Doctor is { } doctor) return DoctorCommand.Execute(doctor);
return command.Run.Topology ? TopologyCommand.Execute(command) : RunCommand.Execute(command);
