using System.Globalization;
using Nperf.Native;

namespace Nperf.Core.Rendezvous;

/// <summary>Processors as text: their numbers, separated by commas.</summary>
internal static class ProcessorList
{
    private const int MostProcessors = 8192;

    /// <summary>
    /// The processors that this process may use: those of its affinity mask, and no more of them than its share of time
    /// (a container's limit) makes up for.
    /// </summary>
    public static string OfThisProcess() =>
        string.Join(',', LibC.AllowedProcessors().Take(Math.Max(1, Environment.ProcessorCount)));

    /// <summary>The numbers in <paramref name="text"/>, which may come from another machine: what is no number is left out.</summary>
    public static IReadOnlyList<int> Parse(string text)
    {
        var processors = new List<int>();
        foreach (string part in text.Split(',').Take(MostProcessors))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int processor)
                && processor < MostProcessors)
            {
                processors.Add(processor);
            }
        }

        return processors;
    }
}
