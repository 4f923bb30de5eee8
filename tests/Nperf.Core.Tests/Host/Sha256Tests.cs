using System.Text;
using Nperf.Core.Host.Tcp;

namespace Nperf.Core.Tests.Host;

public sealed class Sha256Tests
{
    /// <summary>Every length around the padding's boundaries, against the platform's.</summary>
    [Fact]
    public void The_digest_of_every_length_is_the_platforms()
    {
        for (int length = 0; length < 300; length++)
        {
            byte[] message = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(message), Sha256.Hash(message));
        }
    }

    /// <summary>Test cases 2 and 6 of RFC 4231: a key shorter and one longer than a block.</summary>
    [Theory]
    [InlineData("Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData(
        null, "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    public void The_keyed_digest_is_that_of_the_standard(string? key, string message, string digest)
    {
        byte[] bytes = key is null ? [.. Enumerable.Repeat((byte)0xaa, 131)] : Encoding.ASCII.GetBytes(key);
        Assert.Equal(digest, Convert.ToHexStringLower(Sha256.Hmac(bytes, Encoding.ASCII.GetBytes(message))));
    }
}
