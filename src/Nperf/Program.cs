using Nperf;
using Nperf.Arguments;
using Nperf.Output;

ParsedCommand command = CommandLine.Parse(args);
if (command.Text is not null)
{
    Console.Out.WriteLine(command.Text);
    return ExitCode.Done;
}
if (command.Errors.Count > 0)
{
    foreach (string error in command.Errors) Console.Error.WriteLine(ErrorLine.Of(error));
    Console.Error.WriteLine("nperf: try nperf --help");
    return ExitCode.Usage;
}
return command.Doctor is { } doctor ? DoctorCommand.Execute(doctor) : RunCommand.Execute(command);
