using Nperf.Core.Machine;
using Nperf.Native;
using Nperf.Testing;

namespace Nperf.Core.Tests.StandIn;

public class StandInGpuTests
{
    [Fact]
    public void Each_copy_has_settings_of_its_own()
    {
        using StandInGpu one = StandInGpu.Load(("STANDIN_GPUS", "1"), ("STANDIN_MEMORY", "1048576"));
        using StandInGpu three = StandInGpu.Load(("STANDIN_GPUS", "3"), ("STANDIN_NCCL_VERSION", "2.21.5"));

        Gpu gpu = Assert.Single(CudaDriver.Look(one.Path).Gpus);
        Assert.Equal(("Stand-in GPU", 1048576, "0000:0B:00.0"), (gpu.Name, gpu.MemoryBytes, gpu.PciBusId));
        Assert.Equal(3, CudaDriver.Look(three.Path).Gpus.Select(each => each.Uuid).Distinct().Count());
        Assert.Equal("2.28.9", NcclLibrary.Look(one.Path).Version?.ToString());
        Assert.Equal("2.21.5", NcclLibrary.Look(three.Path).Version?.ToString());
        Assert.Equal("580.95.05", NvmlLibrary.Look(one.Path).DriverVersion);
    }

    [Fact]
    public void An_old_NCCL_lacks_what_came_later()
    {
        using StandInGpu old = StandInGpu.LoadOld();
        var nccl = new Nccl(DynamicLibrary.Open(old.Path));
        nccl.RequireAll();

        Assert.Equal(21403, nccl.VersionCode());
        Assert.False(nccl.HasMemAlloc || nccl.HasRegister || nccl.HasWindows || nccl.HasAllToAll || nccl.HasLogReset);
    }

    [Fact]
    public void Memory_ends_and_comes_back()
    {
        using StandInGpu library = StandInGpu.Load(("STANDIN_MEMORY", "1048576"));
        Cuda cuda = OnFirstGpu(library);

        nint half = cuda.Allocate(524288);
        Assert.Equal((524288, 1048576), cuda.MemoryInfo());
        Assert.Contains("CUDA_ERROR_OUT_OF_MEMORY, 2",
            Assert.Throws<LibraryException>(() => cuda.Allocate(524289)).Message, StringComparison.Ordinal);
        cuda.Free(half);
        cuda.Free(cuda.Allocate(1048576));
    }

    [Fact]
    public void A_communicator_that_does_not_block_may_hang_in_its_making_and_be_aborted()
    {
        using StandInGpu library = StandInGpu.Load(("STANDIN_HANG", "ncclCommInitRankConfig:1"));
        OnFirstGpu(library);
        var nccl = new Nccl(DynamicLibrary.Open(library.Path));
        nccl.RequireAll();

        nint comm = nccl.InitRank(1, nccl.GetUniqueId(), 0, new NcclConfig { Blocking = false });

        Assert.Equal((int)NcclStatus.InProgress, nccl.AsyncError(comm));
        nccl.Abort(comm);
    }

    [Fact]
    public void A_buffer_that_is_too_short_is_refused()
    {
        using StandInGpu library = StandInGpu.Load();
        Cuda cuda = OnFirstGpu(library);
        var nccl = new Nccl(DynamicLibrary.Open(library.Path));
        nccl.RequireAll();
        nint comm = nccl.InitRank(1, nccl.GetUniqueId(), 0, new NcclConfig()), buffer = cuda.Allocate(1024);
        nint stream = cuda.CreateStream();

        nccl.AllReduce(buffer, buffer, 256, (int)NcclType.Float32, (int)NcclReduction.Sum, comm, stream);
        var failure = Assert.Throws<LibraryException>(() =>
            nccl.AllReduce(buffer, buffer, 257, (int)NcclType.Float32, (int)NcclReduction.Sum, comm, stream));

        Assert.Contains("the send buffer has not 1028 bytes of a GPU", failure.Message, StringComparison.Ordinal);
        nccl.Destroy(comm);
    }

    private static Cuda OnFirstGpu(StandInGpu library)
    {
        var cuda = new Cuda(DynamicLibrary.Open(library.Path));
        cuda.RequireAll();
        cuda.Init();
        cuda.SetCurrent(cuda.RetainPrimaryContext(cuda.Device(0)));
        return cuda;
    }
}
