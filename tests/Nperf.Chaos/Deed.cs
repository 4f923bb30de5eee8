namespace Nperf.Chaos;

/// <summary>What is done to a run.</summary>
internal enum Deed
{
    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>SIGTERM.</summary>
    Terminate,

    /// <summary>SIGINT.</summary>
    Interrupt,

    /// <summary>SIGSTOP; once the others have left SIGCONT or SIGKILL.</summary>
    Stop,

    /// <summary>The network of its host is gone.</summary>
    Cut,
}
