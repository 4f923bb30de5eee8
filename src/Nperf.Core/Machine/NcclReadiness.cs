namespace Nperf.Core.Machine;

/// <summary>Whether a machine has what NCCL needs.</summary>
public static class NcclReadiness
{
    /// <summary>What is missing, a few words each; empty where nothing is.</summary>
    public static IReadOnlyList<string> Missing(CudaDriver driver, NcclLibrary library)
    {
        var missing = new List<string>();
        if (driver.CudaVersion is null) missing.Add("a CUDA driver that works");
        else if (driver.Problem is not null) missing.Add("a CUDA driver that describes its GPUs");
        else if (driver.Gpus.Count == 0) missing.Add("a GPU");
        if (library.Version is not { } version) missing.Add("a libnccl");
        else if (!version.IsSupported) missing.Add($"a newer libnccl ({version} is older than {NcclVersion.Oldest})");
        return missing;
    }
}
