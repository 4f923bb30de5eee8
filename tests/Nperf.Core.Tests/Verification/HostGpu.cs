using Nperf.Core.Tests.Machine;
using Nperf.Core.Verification;
using Nperf.Native;

namespace Nperf.Core.Tests.Verification;

/// <summary>
/// A driver of the least that patterns need: memory is the host's, kernels are those of pattern.cu, compiled for the
/// processor. What is enqueued waits until the stream, of which there is one, is synchronised.
/// </summary>
internal sealed class HostGpu : IDisposable
{
    public const nint Stream = 77;

    private const string Driver = """
        #include <stdlib.h>
        #include <string.h>

        typedef struct {
            const char *name; unsigned blocks, threads; char values[9][8]; // A launch,
            void *to; int value; size_t bytes;                             // or, without a name, a fill.
        } work;
        static work queue[1000];
        static int queued, copies;
        static char names[8][20];
        static int name_count;

        #define NONE(name) int name(void) { return 801; }
        NONE(cuDriverGetVersion) NONE(cuDeviceGetCount) NONE(cuDeviceGet) NONE(cuDeviceGetName)
        NONE(cuDeviceTotalMem_v2) NONE(cuDeviceGetPCIBusId) NONE(cuDeviceGetUuid) NONE(cuGetErrorName)
        NONE(cuGetErrorString) NONE(cuDevicePrimaryCtxRetain) NONE(cuDevicePrimaryCtxRelease_v2)
        NONE(cuCtxSetCurrent) NONE(cuMemGetInfo_v2) NONE(cuMemcpyDtoDAsync_v2) NONE(cuStreamCreate)
        NONE(cuStreamDestroy_v2) NONE(cuStreamQuery) NONE(cuEventCreate) NONE(cuEventDestroy_v2)
        NONE(cuEventRecord) NONE(cuEventRecordWithFlags) NONE(cuEventQuery) NONE(cuEventElapsedTime) NONE(cuStreamBeginCapture_v2)
        NONE(cuStreamEndCapture) NONE(cuGraphInstantiateWithFlags) NONE(cuGraphUpload) NONE(cuGraphLaunch)
        NONE(cuGraphDestroy) NONE(cuGraphExecDestroy)

        int cuInit(unsigned flags) { return 0; }
        int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = 132; return attribute != 16; }
        int cuMemAlloc_v2(void **memory, size_t bytes) {
            *memory = aligned_alloc(256, (bytes + 255) / 256 * 256);
            return 0;
        }
        int cuMemFree_v2(void *memory) { free(memory); return 0; }
        int cuMemcpyHtoD_v2(void *to, const void *from, size_t bytes) { copies++; memcpy(to, from, bytes); return 0; }
        int cuMemcpyDtoH_v2(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); return 0; }
        int cuModuleLoadDataEx(void **module, const char *text, unsigned n, int *options, void **values) {
            *module = strdup(text);
            return 0;
        }
        int cuModuleUnload(void *module) { free(module); return 0; }
        int cuModuleGetFunction(const char **function, void *module, const char *name) {
            char entry[64] = ".entry ";
            if (!strstr(module, strcat(strcat(entry, name), "("))) return 500;
            *function = strcpy(names[name_count++ % 8], name);
            return 0;
        }
        int cuMemsetD8Async(void *to, unsigned char value, size_t bytes, size_t stream) {
            queue[queued++] = (work){.to = to, .value = value, .bytes = bytes};
            return stream != 77;
        }
        int cuLaunchKernel(const char *name, unsigned x, unsigned y, unsigned z, unsigned bx, unsigned by, unsigned bz,
            unsigned shared, size_t stream, void **parameters, void **extra) {
            int number = strstr(name, "fill") ? 5 : 9;
            work *next = &queue[queued++];
            *next = (work){.name = name, .blocks = x, .threads = bx};
            for (int i = 0; i < number; i++) memcpy(next->values[i], parameters[i], i == 4 || i == 6 ? 4 : 8);
            return stream != 77;
        }
        int cuStreamSynchronize(size_t stream) {
            if (stream != 77) return stream != 0;
            for (int i = 0; i < queued; i++) {
                void *parameters[9];
                for (int p = 0; p < 9; p++) parameters[p] = queue[i].values[p];
                if (!queue[i].name) memset(queue[i].to, queue[i].value, queue[i].bytes);
                else if (nperf_host_launch(queue[i].name, queue[i].blocks, queue[i].threads, parameters)) return 719;
            }
            queued = 0;
            return 0;
        }
        int uploads(void) { return copies; }
        """;

    private readonly StandInLibrary _library = new(HostKernels.Source + Driver);
    private readonly nint _uploads;

    public HostGpu()
    {
        DynamicLibrary library = DynamicLibrary.Open(_library.Path);
        _uploads = library.Symbol("uploads");
        Cuda = new Cuda(library);
        Cuda.RequireAll();
        Kernels = new GpuKernels(Cuda, 0);
    }

    public Cuda Cuda { get; }

    public GpuKernels Kernels { get; }

    /// <summary>The copies to the GPU so far.</summary>
    public unsafe int Uploads => ((delegate* unmanaged<int>)_uploads)();

    public void Dispose()
    {
        Kernels.Dispose();
        _library.Dispose();
    }
}
