using Nperf.Native;

namespace Nperf.Core.Tests.Native;

/// <summary>What nvml.h says of the functions and numbers that <see cref="Nvml"/> uses.</summary>
internal static class NvmlDeclarations
{
    public static readonly Declaration[] Functions =
    [
        new("_init", "nvmlReturn_t nvmlInit_v2()"),
        new("_shutdown", "nvmlReturn_t nvmlShutdown()"),
        new("_systemGetDriverVersion", "nvmlReturn_t nvmlSystemGetDriverVersion(char *, unsigned int)"),
        new("_errorString", "const char * nvmlErrorString(nvmlReturn_t)"),
    ];

    public static readonly (string Name, long Value)[] Numbers =
    [
        ("NVML_SUCCESS", 0),
        ("NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE", Nvml.VersionBytes),
    ];
}
