using System.Net;

namespace Nperf.Launch;

/// <summary>A host of a launch.</summary>
/// <param name="Target">As it was named, with the user where one was: what ssh is told.</param>
/// <param name="Ranks">How many ranks it brings; null leaves that to the options of the run.</param>
internal sealed record LaunchHost(string Target, int? Ranks)
{
    /// <summary>Its name, or address, without a user.</summary>
    public string Name => Target[(Target.IndexOf('@') + 1)..];

    /// <summary>True for this machine, which is reached without ssh.</summary>
    public bool IsHere => Target == "localhost";

    /// <summary>True when every host would find itself by that name.</summary>
    public bool IsLoopback =>
        Name == "localhost" || (IPAddress.TryParse(Name, out IPAddress? address) && IPAddress.IsLoopback(address));
}
