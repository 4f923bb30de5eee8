using Nperf.Core.Data;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>Readers of names and of comma lists of names.</summary>
internal static class Lists
{
    /// <summary>The word for every name of a list.</summary>
    public const string AllNames = "all";

    /// <summary>The forms of <c>--format</c>, in the order of <see cref="Arguments.OutputFormat"/>.</summary>
    public static readonly string[] FormatNames = ["table", "json", "csv", "nccl-tests", "prometheus"];

    /// <summary>The values of <c>--pattern</c>, in the order of <see cref="RunPattern"/>.</summary>
    public static readonly string[] PatternNames = ["collectives", "pairs", "find-slow"];

    public static string? Operations(string text, out IReadOnlyList<string> operations) =>
        Read(text, [.. Core.Collectives.Operations.All.Select(operation => operation.Name)], out operations);

    public static string? DataTypes(string text, out IReadOnlyList<DataType> types) =>
        Read(text, Core.Data.DataTypes.All, type => type.Name(), out types);

    public static string? Reductions(string text, out IReadOnlyList<Reduction> reductions) =>
        Read(text, Core.Data.Reductions.All, reduction => reduction.Name(), out reductions);

    /// <summary>Root ranks; an empty list stands for all.</summary>
    public static string? Roots(string text, out IReadOnlyList<int> roots)
    {
        roots = [];
        if (text == AllNames) return null;
        var found = new List<int>();
        foreach (string part in text.Split(','))
        {
            if (Values.Whole(0, int.MaxValue)(part, out int root) is not null)
            {
                string which = text == part ? "" : $"has '{part}', which ";
                return $"{which}is no rank; a number from 0 on, a list, or all";
            }

            if (!found.Contains(root)) found.Add(root);
        }

        roots = found;
        return null;
    }

    /// <summary>Network interfaces, each a name or a range of addresses.</summary>
    public static string? NetworkInterfaces(string text, out IReadOnlyList<string> networks)
    {
        networks = text.Split(',');
        foreach (string part in networks)
        {
            if (Values.NetworkInterface(part, out _) is not { } mistake) continue;
            return text == part ? mistake : part.Length == 0 ? "has an empty name in the list" : $"has '{part}', which {mistake}";
        }

        if (networks.GroupBy(part => part).FirstOrDefault(same => same.Count() > 1) is { } twice) return $"names {twice.Key} twice";
        return networks.Count <= RunOptions.MostStreams ? null : $"names more than {RunOptions.MostStreams} networks";
    }

    public static string? Pattern(string text, out RunPattern pattern)
    {
        string? mistake = OneOf(text, PatternNames, out _);
        pattern = mistake is null ? (RunPattern)Array.IndexOf(PatternNames, text) : default;
        return mistake;
    }

    public static string? InPlaceMode(string text, out InPlaceMode mode) => OneOf(text, out mode);

    public static string? VerifyMode(string text, out VerifyMode mode) => OneOf(text, out mode);

    public static string? Backend(string text, out Backend backend) => OneOf(text, out backend);

    public static string? Transport(string text, out Transport transport) => OneOf(text, out transport);

    public static string? Registration(string text, out Registration registration) => OneOf(text, out registration);

    public static string? CtaPolicy(string text, out CtaPolicy policy) => OneOf(text, out policy);

    public static string? SyncMode(string text, out SyncMode mode) => OneOf(text, out mode);

    public static string? Algorithm(string text, out string algorithm) =>
        OneOf(text, [.. NcclSettings.AlgorithmNames.Union(HostAlgorithms.Names)], out algorithm);

    public static string? WaitMode(string text, out WaitMode mode) => OneOf(text, out mode);

    public static string? Protocol(string text, out string protocol) =>
        OneOf(text, NcclSettings.ProtocolNames, out protocol);

    public static string? TopologyFormat(string text, out TopologyFormat format) => OneOf(text, out format);

    /// <summary>The forms of <c>--format</c>; a stream has an option of its own.</summary>
    public static string? OutputFormat(string text, out OutputFormat format)
    {
        string? mistake = OneOf(text, FormatNames, out _);
        format = mistake is null ? (OutputFormat)Array.IndexOf(FormatNames, text) : default;
        return mistake;
    }

    public static string? ReportFormat(string text, out ReportFormat format) => OneOf(text, out format);

    public static string? ChartFigure(string text, out Reports.ChartFigure figure) => OneOf(text, out figure);

    public static string? RanksIn(string text, out RanksIn kind) => OneOf(text, out kind);

    /// <summary>The words for the values of <typeparamref name="T"/>.</summary>
    public static string[] NamesOf<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];

    private static string? OneOf<T>(string text, out T value)
        where T : struct, Enum
    {
        string[] names = NamesOf<T>();
        string? mistake = OneOf(text, names, out _);
        value = mistake is null ? Enum.GetValues<T>()[Array.IndexOf(names, text)] : default;
        return mistake;
    }

    private static string? OneOf(string text, IReadOnlyList<string> names, out string value)
    {
        value = text;
        return names.Contains(text)
            ? null
            : $"is not one of {string.Join(", ", names)}{Spelling.DidYouMean(text, [.. names])}";
    }

    private static string? Read(string text, IReadOnlyList<string> all, out IReadOnlyList<string> values) =>
        Read(text, all, name => name, out values);

    private static string? Read<T>(
        string text, IReadOnlyList<T> all, Func<T, string> nameOf, out IReadOnlyList<T> values)
    {
        values = all;
        if (text == AllNames) return null;
        var found = new List<T>();
        foreach (string part in text.Split(','))
        {
            int index = all.Select(nameOf).ToList().IndexOf(part);
            if (index < 0) return Unknown(text, part, [.. all.Select(nameOf)]);
            if (!found.Contains(all[index])) found.Add(all[index]);
        }

        values = found;
        return null;
    }

    private static string Unknown(string text, string part, string[] names)
    {
        string which = part.Length == 0 && text.Length > 0 ? "has an empty name in the list; "
            : text == part ? ""
            : $"has '{part}', which ";
        string suggestion = Spelling.DidYouMean(part, names);
        string choice = $"one of {string.Join(", ", names)}, or all";
        return which.EndsWith("; ", StringComparison.Ordinal) ? which + choice : $"{which}is not {choice}{suggestion}";
    }
}
