using Nperf.Core.Machine;

namespace Nperf.Core.Tests.Machine;

public class CudaDriverTests
{
    private const string Driver = """
        #include <stddef.h>
        #include <string.h>
        #ifndef INIT
        #define INIT 0
        #endif
        #ifndef NAME
        #define NAME 0
        #endif
        static int ready;
        int cuInit(unsigned flags) { ready = 1; return INIT; }
        int cuDriverGetVersion(int *version) { *version = 12080; return ready ? 0 : 3; }
        int cuDeviceGetCount(int *count) { *count = 2; return 0; }
        int cuDeviceGet(int *device, int index) { *device = index + 40; return 0; }
        int cuDeviceGetName(char *name, int length, int device) {
            if (device == 41 && NAME) return NAME;
            strncpy(name, device == 40 ? "First GPU" : "Second GPU", length);
            return 0;
        }
        int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 150000000000 + device; return 0; }
        int cuDeviceGetPCIBusId(char *id, int length, int device) {
            strncpy(id, device == 40 ? "0000:1B:00.0" : "0000:9B:00.0", length);
            return 0;
        }
        int cuDeviceGetUuid(unsigned char *uuid, int device) {
            for (int i = 0; i < 16; i++) uuid[i] = 0x10 + i;
            return 0;
        }
        int cuGetErrorName(int status, const char **name) {
            *name = "CUDA_ERROR_NO_DEVICE"; return status == 100 ? 0 : 1;
        }
        int cuGetErrorString(int status, const char **text) {
            *text = "no CUDA-capable device is detected"; return status == 100 ? 0 : 1;
        }
        """;

    private static readonly NcclLibrary NoNccl = NcclLibrary.Look("/nowhere/libnccl.so.2");

    [Fact]
    public void A_driver_tells_its_version_and_its_GPUs()
    {
        using var library = new StandInLibrary(Driver);

        CudaDriver driver = CudaDriver.Look(library.Path);

        Assert.Null(driver.Problem);
        Assert.Equal(library.Path, driver.LibraryPath);
        Assert.Equal("12.8", driver.CudaVersion);
        const string uuid = "GPU-10111213-1415-1617-1819-1a1b1c1d1e1f";
        Assert.Equal(
            [
                new Gpu(0, "First GPU", 150000000040, "0000:1B:00.0", uuid),
                new Gpu(1, "Second GPU", 150000000041, "0000:9B:00.0", uuid),
            ],
            driver.Gpus);
        Assert.Equal(["a libnccl (/nowhere/libnccl.so.2: not there)"], NcclReadiness.Missing(driver, NoNccl));
    }

    [Fact]
    public void A_driver_without_a_GPU_says_so_in_its_own_words()
    {
        using var library = new StandInLibrary("#define INIT 100\n" + Driver);

        CudaDriver driver = CudaDriver.Look(library.Path);

        Assert.Equal(library.Path, driver.LibraryPath);
        Assert.Equal(
            "cuInit failed: no CUDA-capable device is detected (CUDA_ERROR_NO_DEVICE, 100)", driver.Problem);
        Assert.Empty(driver.Gpus);
        Assert.Equal(
            $"a CUDA driver that works ({driver.Problem})", NcclReadiness.Missing(driver, NcclLibrary.Look([]))[0]);
        Assert.Equal("a libnccl", NcclReadiness.Missing(driver, NcclLibrary.Look([]))[1]);
    }

    [Fact]
    public void A_status_that_the_driver_does_not_know_is_told_by_its_number()
    {
        using var library = new StandInLibrary("#define INIT 4711\n" + Driver);
        Assert.Equal("cuInit failed: status 4711", CudaDriver.Look(library.Path).Problem);
    }

    [Fact]
    public void A_GPU_that_cannot_be_described_keeps_those_before_it()
    {
        using var library = new StandInLibrary("#define NAME 100\n" + Driver);

        CudaDriver driver = CudaDriver.Look(library.Path);

        Assert.Equal("First GPU", Assert.Single(driver.Gpus).Name);
        Assert.StartsWith("cuDeviceGetName failed: ", driver.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_symbol_is_named()
    {
        using var library = new StandInLibrary("int cuInit(unsigned flags) { return 0; }");
        Assert.Equal("there is no symbol cuDriverGetVersion in it", CudaDriver.Look(library.Path).Problem);
    }

    [Fact]
    public void A_library_that_is_not_there_is_no_error_of_the_program()
    {
        CudaDriver driver = CudaDriver.Look("/nowhere/libcuda.so.1");

        Assert.Null(driver.LibraryPath);
        Assert.Equal("cannot open shared object file: No such file or directory", driver.Problem);
    }
}
