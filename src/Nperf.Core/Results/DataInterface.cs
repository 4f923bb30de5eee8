using Nperf.Core.Host.Tcp;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Results;

/// <summary>A network interface that was named to carry data (<c>--interface</c>), on one process.</summary>
/// <param name="Name">Its name there, for example <c>eth1</c>.</param>
/// <param name="Address">The address of it that the connections have.</param>
public sealed record DataInterface(string Name, string Address)
{
    /// <summary>Those of a process with these endpoints: none where none was named.</summary>
    internal static IReadOnlyList<DataInterface> Of(DataEndpoint[] endpoints) =>
    [
        .. endpoints.Where(endpoint => endpoint.Interface is not null)
            .Select(endpoint => new DataInterface(PrintableText.From(endpoint.Interface!), PrintableText.From(endpoint.Addresses[0]))),
    ];
}
