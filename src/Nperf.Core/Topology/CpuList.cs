using System.Globalization;

namespace Nperf.Core.Topology;

/// <summary>Processors as the kernel lists them: <c>0-3,8</c>.</summary>
internal static class CpuList
{
    private const int MostProcessors = 8192;

    /// <summary>The numbers in <paramref name="text"/>, in its order; what is no number or range is left out.</summary>
    public static IReadOnlyList<int> Parse(string text)
    {
        var processors = new List<int>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !Number(ends[0], out int first) || !Number(ends[^1], out int last)) continue;
            for (int processor = first; processor <= last && processors.Count < MostProcessors; processor++) processors.Add(processor);
        }

        return processors;
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < MostProcessors;
}
