using BenchmarkDotNet.Attributes;
using Nperf.Core.Options;

namespace Nperf.Benchmarks;

/// <summary>How long a small message takes from one rank to another: half of there and back.</summary>
public class LatencyBenchmarks : IDisposable
{
    private const int RoundTrips = 1000;

    private LinkedPair? _pair;

    /// <summary>The kind of link: a ring in the process's memory, one in shared memory, or TCP on loopback.</summary>
    [Params(Transport.Memory, Transport.Shm, Transport.Tcp)]
    public Transport Transport { get; set; }

    /// <summary>The size of the message.</summary>
    [Params(8, 64, 1024)]
    public int Bytes { get; set; }

    /// <summary>Connects the ranks.</summary>
    [GlobalSetup]
    public void Connect() => _pair = new LinkedPair(Transport);

    /// <summary>One way.</summary>
    [Benchmark(OperationsPerInvoke = 2 * RoundTrips)]
    public void OneWay() => _pair!.Echo(Bytes, RoundTrips);

    /// <summary>Lets them go.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _pair?.Dispose();
        _pair = null;
        GC.SuppressFinalize(this);
    }
}
