using Nperf.Core.Cryptography;

namespace Nperf.Core.Tests.Cryptography;

public sealed class Sha256Tests
{
    /// <summary>Every length around the padding's boundaries, against the platform's.</summary>
    [Fact]
    public void The_digest_of_every_length_is_the_platforms()
    {
        for (int length = 0; length < 300; length++)
        {
            byte[] message = Message(length);
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(message), Sha256.Hash(message));
        }
    }

    [Fact]
    public void In_however_many_parts_a_message_comes_its_digest_is_the_same()
    {
        byte[] message = Message(400);
        byte[] whole = Sha256.Hash(message);
        for (int part = 1; part <= 200; part++)
        {
            Sha256 hash = Sha256.Start();
            for (int at = 0; at < message.Length; at += part) hash.Add(message.AsSpan(at, Math.Min(part, message.Length - at)));
            byte[] digest = new byte[Sha256.Size];
            hash.Finish(digest);
            Assert.Equal(whole, digest);
        }
    }

    internal static byte[] Message(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];
}
