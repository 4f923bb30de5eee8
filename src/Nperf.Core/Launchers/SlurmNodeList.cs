using System.Text;

namespace Nperf.Core.Launchers;

/// <summary>Names of nodes as Slurm writes them: <c>node[1-3,07],b2</c>, with a pair of brackets or several in a name.</summary>
internal static class SlurmNodeList
{
    /// <summary>The first of the names, or null where <paramref name="list"/> is no such list.</summary>
    public static string? First(string list)
    {
        var name = new StringBuilder();
        for (int i = 0; i < list.Length && list[i] != ','; i++)
        {
            if (list[i] == ']' || char.IsWhiteSpace(list[i])) return null;
            if (list[i] != '[')
            {
                name.Append(list[i]);
                continue;
            }

            int end = list.IndexOf(']', i);
            if (end < 0 || FirstNumber(list[(i + 1)..end]) is not { } number) return null;
            name.Append(number);
            i = end;
        }

        return name.Length == 0 ? null : name.ToString();
    }

    /// <summary>As it was written, with the zeros before it.</summary>
    private static string? FirstNumber(string ranges)
    {
        string number = string.Concat(ranges.TakeWhile(char.IsAsciiDigit));
        return number.Length > 0 && (number.Length == ranges.Length || ranges[number.Length] is ',' or '-') ? number : null;
    }
}
