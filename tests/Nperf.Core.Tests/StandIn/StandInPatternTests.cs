using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Verification;
using Nperf.Native;
using Nperf.Testing;

namespace Nperf.Core.Tests.StandIn;

/// <summary>The pattern's kernels and NCCL's reductions, both as the stand-in has them, agree with each other.</summary>
public class StandInPatternTests
{
    private const int Ranks = 3, Count = 100_000, Calls = 2;

    [Fact]
    public void Every_reduction_of_every_type_gives_what_the_pattern_expects()
    {
        using StandInGpu library = StandInGpu.Load(("STANDIN_GPUS", "3"));
        foreach (CheckResult result in OnAllRanks(library)) Assert.Equal(default, result);
    }

    [Fact]
    public void A_wrong_bit_is_found()
    {
        using StandInGpu library = StandInGpu.Load(("STANDIN_GPUS", "3"), ("STANDIN_WRONG", "2:1"));
        CheckResult[] results = OnAllRanks(library);
        Assert.Equal((1, Count / 2), (results[1].Wrong, results[1].First?.Index));
        Assert.Equal([default, default], [results[0], results[2]]);
    }

    // The first check that found something wrong on each rank.
    private static CheckResult[] OnAllRanks(StandInGpu library)
    {
        var cuda = new Cuda(DynamicLibrary.Open(library.Path));
        cuda.RequireAll();
        cuda.Init();
        var nccl = new Nccl(DynamicLibrary.Open(library.Path));
        nccl.RequireAll();
        NcclUniqueId id = nccl.GetUniqueId();
        var results = new CheckResult[Ranks];
        var failures = new Exception?[Ranks];
        Thread[] threads = [.. Enumerable.Range(0, Ranks).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = OnRank(cuda, nccl, id, rank);
            }
            catch (LibraryException failure)
            {
                failures[rank] = failure;
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "a rank does not end");
        Assert.All(failures, Assert.Null);
        return results;
    }

    private static CheckResult OnRank(Cuda cuda, Nccl nccl, NcclUniqueId id, int rank)
    {
        cuda.SetCurrent(cuda.RetainPrimaryContext(cuda.Device(rank)));
        nint stream = cuda.CreateStream(), send = cuda.Allocate(Count * 8), receive = cuda.Allocate(Count * 8);
        nint comm = nccl.InitRank(Ranks, id, rank, new NcclConfig());
        using var kernels = new GpuKernels(cuda, rank);
        Collective allReduce = Operations.Find("allreduce")!;
        CheckResult first = default;
        foreach (DataType type in DataTypes.All)
        {
            foreach (Reduction reduction in Reductions.All)
            {
                var pattern = new GpuPattern(kernels, stream, allReduce, type, reduction, Ranks);
                for (long seed = 0; seed < Calls; seed++)
                {
                    pattern.Fill(send, Count, rank, seed);
                    pattern.Poison(receive, Count * type.Size());
                    nccl.AllReduce(send, receive, Count, (int)type, (int)reduction, comm, stream);
                    // NCCL multiplies by a rounded third before it adds.
                    double tolerance = reduction != Reduction.Avg ? 0 : type.Size() == 1 ? 0.5 : 0.02;
                    CheckResult result = pattern.Check(
                        receive, allReduce.Expected(Count, Ranks, rank, 0), seed, tolerance);
                    if (first.Wrong == 0) first = result;
                }
            }
        }

        nccl.Destroy(comm);
        return first;
    }
}
