using Nperf.Core.Cryptography;

namespace Nperf.Core.Tests.Cryptography;

public sealed class HmacSha256Tests
{
    /// <summary>The test cases of RFC 4231 for SHA-256, but the fifth, which is of a shortened tag.</summary>
    [Theory]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData(
        "4a656665", "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "0xdd*50",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")]
    [InlineData(
        "0102030405060708090a0b0c0d0e0f10111213141516171819", "0xcd*50",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b")]
    [InlineData(
        "aa*131", "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    [InlineData(
        "aa*131",
        "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed "
        + "before being used by the HMAC algorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2")]
    public void The_tag_is_that_of_the_standard(string key, string message, string tag)
    {
        byte[] bytes = message.StartsWith("0x", StringComparison.Ordinal)
            ? [.. Enumerable.Repeat(Convert.FromHexString(message.AsSpan(2, 2))[0], 50)]
            : System.Text.Encoding.ASCII.GetBytes(message);
        byte[] keyBytes = key == "aa*131" ? [.. Enumerable.Repeat((byte)0xaa, 131)] : Convert.FromHexString(key);
        Assert.Equal(tag, Convert.ToHexStringLower(HmacSha256.Tag(keyBytes, bytes)));
    }

    /// <summary>Every length of key around that of a block, against the platform's; the message in two parts.</summary>
    [Fact]
    public void The_tag_under_every_length_of_key_is_the_platforms()
    {
        byte[] message = Sha256Tests.Message(150);
        byte[] tag = new byte[HmacSha256.Size];
        for (int length = 0; length < 200; length++)
        {
            byte[] key = Sha256Tests.Message(length);
            HmacSha256 hmac = new(key);
            for (int repeat = 0; repeat < 2; repeat++)
            {
                hmac.Tag(message.AsSpan(0, length % 150), message.AsSpan(length % 150), tag);
                Assert.Equal(System.Security.Cryptography.HMACSHA256.HashData(key, message), tag);
            }
        }
    }
}
