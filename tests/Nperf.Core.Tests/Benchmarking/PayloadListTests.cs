using CsCheck;
using Nperf.Core.Benchmarking;

namespace Nperf.Core.Tests.Benchmarking;

public class PayloadListTests
{
    [Fact]
    public void What_is_packed_comes_out() =>
        Gen.Byte.Array[0, 40].Array[0, 10].Sample(payloads =>
            Assert.Equal(payloads, PayloadList.Unpack(PayloadList.Pack(payloads))));

    [Fact]
    public void Damaged_bytes_are_an_error_or_a_list_and_nothing_else() =>
        Gen.Byte.Array[0, 64].Sample(bytes =>
        {
            try
            {
                Assert.True(PayloadList.Unpack(bytes).Sum(part => part.Length) <= bytes.Length);
            }
            catch (RunException)
            {
            }
        });
}
