namespace Nperf.Core.Rendezvous;

/// <summary>What a server checks of what a client says of itself before it looks at anything else.</summary>
internal static class HelloCheck
{
    /// <summary>The hello, its names fit to be shown.</summary>
    /// <exception cref="ProtocolException">It makes no sense.</exception>
    public static Hello Checked(Hello hello)
    {
        if (hello.Ranks is < 1 or > Refusals.MostRanks) throw new ProtocolException($"brought {hello.Ranks} ranks");
        if (hello.Processes is { } processes && processes != 1 && processes != hello.Ranks)
            throw new ProtocolException($"brought {hello.Ranks} ranks in {processes} processes");
        return hello with { Host = PrintableText.From(hello.Host), Version = PrintableText.From(hello.Version) };
    }
}
