using System.Globalization;

namespace Nperf.Core.Launchers;

/// <summary>The environment of a process, read strictly. An empty value counts as none.</summary>
internal sealed class Variables(IReadOnlyDictionary<string, string> environment)
{
    private const int MaxPort = 65535;

    /// <summary>The value of <paramref name="name"/>, or null.</summary>
    public string? this[string name] =>
        environment.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>True when one of <paramref name="names"/> is set.</summary>
    public bool HasAny(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (this[name] is not null) return true;
        return false;
    }

    /// <summary>Those of <paramref name="names"/> that are set.</summary>
    public string[] Set(params ReadOnlySpan<string> names) => [.. names.ToArray().Where(name => this[name] is not null)];

    /// <summary>Refuses an environment that has some of <paramref name="names"/> and not all.</summary>
    public void RequireAll(string launcher, params ReadOnlySpan<string> names)
    {
        string[] set = Set(names);
        if (set.Length == names.Length) return;
        string[] missing = [.. names.ToArray().Except(set)];
        throw new LauncherException(
            $"the environment of {launcher} is half set: {List(set)} {Are(set)} set, {List(missing)} {Are(missing)} missing: "
            + $"set what is missing, or {LauncherException.WayOut}");
    }

    /// <summary>The number in <paramref name="name"/>, which is set.</summary>
    public long Number(string name, int from = 0, long to = uint.MaxValue)
    {
        string text = this[name]!;
        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        if (isNumber && number >= from && number <= to) return number;
        string range = to >= int.MaxValue ? $"from {from} on" : $"from {from} to {to}";
        throw new LauncherException($"{name}: '{text}' is not a whole number {range}: correct it, or {LauncherException.WayOut}");
    }

    /// <summary>Which process, of how many: the first is below the second.</summary>
    public (int Process, int Processes) Place(string processName, string processesName)
    {
        int process = (int)Number(processName, to: int.MaxValue);
        int processes = (int)Number(processesName, from: 1, to: int.MaxValue);
        return process < processes ? (process, processes) : throw new LauncherException(
            $"{processName} is {process} and {processesName} {processes}; the first counts from 0 to {processes - 1}: "
            + $"correct them, or {LauncherException.WayOut}");
    }

    /// <summary>The port in <paramref name="name"/>, or null where that is not set.</summary>
    public int? Port(string name) => this[name] is null ? null : (int)Number(name, 1, MaxPort);

    private static string List(string[] names) =>
        names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";

    private static string Are(string[] names) => names.Length == 1 ? "is" : "are";
}
