using Nperf.Core.Machine;

namespace Nperf.Core.Tests.Machine;

public class NvmlLibraryTests
{
    private const string Nvml = """
        #include <string.h>
        #ifndef INIT
        #define INIT 0
        #endif
        int nvmlInit_v2(void) { return INIT; }
        int nvmlShutdown(void) { return 0; }
        int nvmlSystemGetDriverVersion(char *version, unsigned length) { strncpy(version, "580.95.05", length); return 0; }
        const char *nvmlErrorString(int status) { return status == 9 ? "Driver Not Loaded" : "Unknown Error"; }
        """;

    [Fact]
    public void It_tells_the_drivers_version()
    {
        using var library = new StandInLibrary(Nvml);

        NvmlLibrary nvml = NvmlLibrary.Look(library.Path);

        Assert.Equal((library.Path, "580.95.05", null), (nvml.LibraryPath, nvml.DriverVersion, nvml.Problem));
    }

    [Fact]
    public void A_status_that_is_an_error_names_the_call_and_the_librarys_text()
    {
        using var library = new StandInLibrary("#define INIT 9\n" + Nvml);

        NvmlLibrary nvml = NvmlLibrary.Look(library.Path);

        Assert.Equal(
            (library.Path, null, "nvmlInit_v2 failed: Driver Not Loaded (9)"),
            (nvml.LibraryPath, nvml.DriverVersion, nvml.Problem));
    }
}
