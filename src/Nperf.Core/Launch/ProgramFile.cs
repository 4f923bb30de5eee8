using Nperf.Core.Cryptography;

namespace Nperf.Core.Launch;

/// <summary>The file of the program that runs: what a launch compares with, and copies to, other hosts.</summary>
/// <param name="Content">All of it.</param>
/// <param name="Hash">Its SHA-256, as sha256sum(1) prints it.</param>
internal sealed record ProgramFile(byte[] Content, string Hash)
{
    /// <summary>Reads it, also where another has taken its place on the disk since it was started.</summary>
    /// <exception cref="IOException">There is no /proc, or it is not to be read.</exception>
    public static ProgramFile Read()
    {
        byte[] content = File.ReadAllBytes("/proc/self/exe");
        return new ProgramFile(content, Convert.ToHexStringLower(Sha256.Hash(content)));
    }
}
