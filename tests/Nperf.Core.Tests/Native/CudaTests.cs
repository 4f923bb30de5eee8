using Nperf.Core.Tests.Machine;
using Nperf.Native;

namespace Nperf.Core.Tests.Native;

public class CudaTests
{
    // Streams and events are the status that is told of them. What a test does not call is there by its name alone.
    private const string Library = """
        #include <string.h>
        int cuGetErrorName(int status, const char **name) { *name = "CUDA_ERROR_SOME"; return status == 218 ? 0 : 1; }
        int cuGetErrorString(int status, const char **text) { *text = "some error"; return status == 218 ? 0 : 1; }
        int cuStreamQuery(long stream) { return stream; }
        int cuStreamSynchronize(long stream) { return stream; }
        int cuEventQuery(long event) { return event; }
        int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = attribute * 100 + device; return 0; }
        int cuMemcpyHtoD_v2(char *to, const char *from, size_t bytes) { memcpy(to, from, bytes); return 0; }
        int cuMemcpyDtoH_v2(char *to, const char *from, size_t bytes) { memcpy(to, from, bytes); return 0; }
        int cuModuleLoadDataEx(void **module, const char *image, unsigned count, int *options, void **values) {
            *module = (void *)strlen(image);
            if (strcmp(image, "bad")) return 0;
            if (count == 2 && options[0] == 5 && options[1] == 6 && (size_t)values[1] == 8192)
                strcpy(values[0], "\nptxas line 1; fatal\nptxas second\n");
            return 218;
        }
        int cuModuleGetFunction(void **function, void *module, const char *name) {
            *function = (void *)strlen(name);
            return strcmp(name, "none") ? 0 : 500;
        }
        int cuLaunchKernel(long function, unsigned bx, unsigned by, unsigned bz, unsigned tx, unsigned ty, unsigned tz,
                           unsigned shared, long stream, void **parameters, void **extra) {
            return *(int *)parameters[0] == 42 && !extra ? bx * by * bz + tx * ty * tz + shared + function + stream : 1;
        }
        """;

    [Fact]
    public void What_is_not_done_yet_is_no_failure()
    {
        using var library = Made();
        Cuda cuda = Opened(library);

        Assert.Equal((true, false), (cuda.IsDone(0), cuda.IsDone(600)));
        Assert.Equal((true, false), (cuda.IsReached(0), cuda.IsReached(600)));
        Assert.Equal(
            "cuStreamQuery failed: some error (CUDA_ERROR_SOME, 218)",
            Assert.Throws<LibraryException>(() => cuda.IsDone(218)).Message);
        Assert.Equal(
            "cuEventQuery failed: status 700", Assert.Throws<LibraryException>(() => cuda.IsReached(700)).Message);
    }

    [Fact]
    public void Code_that_cannot_be_compiled_is_refused_with_the_first_line_of_the_compilers_log()
    {
        using var library = Made();
        Cuda cuda = Opened(library);

        Assert.Equal(4, cuda.LoadModule("good\0"u8));
        Assert.Equal(
            "cuModuleLoadDataEx failed: some error (CUDA_ERROR_SOME, 218): ptxas line 1; fatal",
            Assert.Throws<LibraryException>(() => cuda.LoadModule("bad\0"u8)).Message);
        Assert.Throws<ArgumentException>(() => cuda.LoadModule("no zero"u8));
        Assert.Equal(
            "cuModuleGetFunction of none failed: status 500",
            Assert.Throws<LibraryException>(() => cuda.Function(0, "none")).Message);
    }

    [Fact]
    public unsafe void Arguments_arrive_where_they_belong()
    {
        using var library = Made();
        Cuda cuda = Opened(library);
        byte* memory = stackalloc byte[4];
        byte[] back = new byte[4];
        int value = 42;
        void* parameter = &value;

        cuda.CopyToDevice((nint)memory, [1, 2, 3, 4]);
        cuda.CopyToHost(back, (nint)memory);
        LibraryException? failure = null;
        try
        {
            cuda.Launch(1000, 3, 20, 100, &parameter);
        }
        catch (LibraryException caught)
        {
            failure = caught;
        }

        Assert.Equal([1, 2, 3, 4], back);
        Assert.Equal(7502, cuda.Attribute(2, Cuda.ComputeCapabilityMajor));
        Assert.Equal("cuLaunchKernel failed: status 1123", failure?.Message);
    }

    [Fact]
    public void A_driver_that_cannot_run_what_is_needed_can_be_looked_at_all_the_same()
    {
        using var library = new StandInLibrary(Names(skipped: "cuGraphUpload") + Library);
        var cuda = new Cuda(DynamicLibrary.Open(library.Path));
        Assert.Equal(
            "there is no symbol cuGraphUpload in it", Assert.Throws<LibraryException>(cuda.RequireAll).Message);
    }

    private static StandInLibrary Made() => new(Names() + Library);

    private static string Names(string? skipped = null) =>
        string.Concat(CudaDeclarations.Functions.Select(function => function.Symbol)
            .Where(symbol => symbol != skipped && !Library.Contains($" {symbol}(", StringComparison.Ordinal))
            .Select(symbol => $"int {symbol}(void) {{ return 0; }}\n"));

    private static Cuda Opened(StandInLibrary library)
    {
        var cuda = new Cuda(DynamicLibrary.Open(library.Path));
        cuda.RequireAll();
        return cuda;
    }
}
