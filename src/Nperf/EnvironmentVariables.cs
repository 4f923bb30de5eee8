using System.Collections;

namespace Nperf;

/// <summary>The environment that this process was started with.</summary>
internal static class EnvironmentVariables
{
    public static IReadOnlyDictionary<string, string> All() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
}
