using System.Text;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Output;

namespace Nperf;

/// <summary><c>nperf doctor</c>: says what this machine has and what is missing.</summary>
internal static class DoctorCommand
{
    /// <summary>Looks and prints; returns the exit code: 0, for the host backend can run on every Linux.</summary>
    public static int Execute(DoctorOptions options)
    {
        try
        {
            using Stream output = StandardStreams.Output();
            output.Write(Encoding.UTF8.GetBytes(DoctorReport.Build(options)));
            return ExitCode.Done;
        }
        catch (RunException exception)
        {
            Console.Error.WriteLine(ErrorLine.Of(exception.Failure));
            return ExitCode.Of(exception.Failure);
        }
    }
}
