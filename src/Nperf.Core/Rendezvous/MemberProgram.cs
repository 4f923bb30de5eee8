namespace Nperf.Core.Rendezvous;

/// <summary>What is started as a member process.</summary>
/// <param name="Path">The program's file.</param>
/// <param name="Arguments">Its command line, without its name.</param>
internal sealed record MemberProgram(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>This program, with the command line it was given: what a user finds in the list of processes.</summary>
    public static MemberProgram ThisOne()
    {
        string path = Environment.ProcessPath ?? throw new RunException(
            FailureKind.Error, "cannot start processes: /proc does not tell where this program lies; use --ranks-in threads");
        string[] words = Environment.GetCommandLineArgs();

        // As "dotnet nperf.dll" the program is dotnet, and the first of its words the assembly.
        bool isHosted = System.IO.Path.GetFileName(path) == "dotnet";
        return new MemberProgram(path, isHosted ? words : words[1..]);
    }
}
