using System.Globalization;
using System.Runtime.InteropServices;

namespace Nperf.Chaos;

/// <summary>A process, told apart from a later one of the same number by when it began.</summary>
internal sealed record ProcessId(int Number, string Began)
{
    public string CommandLine { get; init; } = "";

    public int Parent { get; init; }

    /// <summary>True where MPI's launcher made it rank 0.</summary>
    public bool IsFirstOfMpi { get; init; }

    /// <summary>True until it has ended; one that nobody has asked for its exit code yet has ended.</summary>
    public bool IsAlive => ProcessTable.Read(Number) is { } now && now.Began == Began && !now.HasEnded;
}

/// <summary>What /proc says of the processes of a run, which all have the run's mark in their environment.</summary>
internal static partial class ProcessTable
{
    public const int Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>The variable with the mark.</summary>
    public const string Variable = "CHAOS_RUN";

    private static readonly byte[][] FirstOfMpi = [[.. "\0OMPI_COMM_WORLD_RANK=0\0"u8], [.. "\0PMI_RANK=0\0"u8]];

    /// <summary>All processes with this mark that live.</summary>
    public static List<ProcessId> Marked(string mark)
    {
        byte[] text = System.Text.Encoding.ASCII.GetBytes($"{Variable}={mark}\0");
        var found = new List<ProcessId>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) continue;
            try
            {
                byte[] environment = File.ReadAllBytes($"{folder}/environ");
                if (environment.AsSpan().IndexOf(text) < 0) continue;
                if (Read(number) is not { HasEnded: false } stat) continue;
                string command = File.ReadAllText($"{folder}/cmdline").Replace('\0', ' ').Trim();
                bool isFirst = FirstOfMpi.Any(variable => environment.AsSpan().IndexOf(variable) >= 0);
                found.Add(new ProcessId(number, stat.Began) { CommandLine = command, Parent = stat.Parent, IsFirstOfMpi = isFirst });
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended, or is another user's.
            }
        }

        return [.. found.OrderBy(process => process.Number)];
    }

    public static (bool HasEnded, int Parent, string Began)? Read(int number)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{number}/stat");
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');

            // Of a process whose first thread has ended others may still be ending, and hold what is open.
            bool hasEnded = fields[0] is "Z" or "X" && fields[17] is "0" or "1";
            return (hasEnded, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What the threads of a process wait in, for the record.</summary>
    public static string Threads(int number)
    {
        try
        {
            return string.Join(", ", Directory.EnumerateDirectories($"/proc/{number}/task").Select(task =>
                $"{File.ReadAllText($"{task}/comm").Trim()}:{File.ReadAllText($"{task}/wchan").Trim()}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Sends a signal; false where the process is gone.</summary>
    public static bool Send(ProcessId process, int signal) => process.IsAlive && kill(process.Number, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int kill(int process, int signal);
}
