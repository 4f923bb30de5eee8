using BenchmarkDotNet.Attributes;
using Nperf.Core.Options;

namespace Nperf.Benchmarks;

/// <summary>How long a stream of bytes from one rank to another takes until all have arrived.</summary>
public class StreamBenchmarks : IDisposable
{
    private LinkedPair? _pair;

    /// <summary>The kind of link: a ring in the process's memory, one in shared memory, or TCP on loopback.</summary>
    [Params(Transport.Memory, Transport.Shm, Transport.Tcp)]
    public Transport Transport { get; set; }

    /// <summary>The length of the stream; it comes from one buffer of 1 MiB and goes into another.</summary>
    [Params(64 << 20)]
    public int Bytes { get; set; }

    /// <summary>Connects the ranks.</summary>
    [GlobalSetup]
    public void Connect() => _pair = new LinkedPair(Transport);

    /// <summary>One way, and one byte back at the end.</summary>
    [Benchmark]
    public void OneWay() => _pair!.Stream(Bytes);

    /// <summary>Lets them go.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _pair?.Dispose();
        _pair = null;
        GC.SuppressFinalize(this);
    }
}
