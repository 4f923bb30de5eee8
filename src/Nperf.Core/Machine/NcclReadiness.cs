namespace Nperf.Core.Machine;

/// <summary>Whether a machine has what NCCL needs.</summary>
internal static class NcclReadiness
{
    /// <summary>What is missing, a few words each; empty where nothing is.</summary>
    public static IReadOnlyList<string> Missing(CudaDriver driver, NcclLibrary library)
    {
        var missing = new List<string>();
        string why = driver is { LibraryPath: not null, Problem: { } problem } ? $" ({problem})" : "";
        if (driver.CudaVersion is null) missing.Add($"a CUDA driver that works{why}");
        else if (driver.Problem is not null) missing.Add($"a CUDA driver that describes its GPUs{why}");
        else if (driver.Gpus.Count == 0) missing.Add("a GPU");
        if (library.Version is not { } version) missing.Add(LibraryOf(library));
        else if (!version.IsSupported) missing.Add($"a newer libnccl ({version} is older than {NcclVersion.Oldest})");
        return missing;
    }

    // Of the usual places there are many; one alone was named.
    private static string LibraryOf(NcclLibrary library) =>
        library.LookedIn is [{ } named] ? $"a libnccl ({named.Place}: {named.Outcome})" : "a libnccl";
}
