using Nperf.Core;
using Nperf.Core.Options;

namespace Nperf.Tests.Output;

/// <summary>What carries collectives, for tests of what is said of it.</summary>
internal static class Facts
{
    public static FabricFacts OfHost(string transports) => new()
    {
        Backend = Backend.Host,
        Summary = $"host backend over {transports}",
        Transports = transports,
    };
}
