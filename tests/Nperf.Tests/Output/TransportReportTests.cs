using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public class TransportReportTests
{
    [Fact]
    public void It_says_what_connects_the_ranks() => Assert.Equal(
        """
        What NCCL does, from its log
          network              IB: mlx5_0:1/IB mlx5_1:1/IB
          hosts                2 as NCCL counts them
          channels             24 for collectives, 16 for NVLink SHARP, 32 for send and receive
          initialisation       0.44 s
          connections          ranks 0-1: P2P/CUMEM, 24 channels
                               the switch and rank 0: COLLNET/SHARP, 4 channels
                               ranks 1-2: NET/IB/GDRDMA, 2 channels for send and receive
          warning              no memory

        """,
        TransportReport.Build(Documents.Nccl));

    [Fact]
    public void What_the_log_does_not_tell_is_said() => Assert.Equal(
        """
        What NCCL does, from its log
          network              NCCL's log does not tell
          channels             NCCL's log does not tell
          connections          NCCL's log does not tell

        """,
        TransportReport.Build(new NcclSection()));

    [Fact]
    public void A_library_s_control_characters_stay_out_of_the_terminal()
    {
        string text = TransportReport.Build(new NcclSection { Warnings = ["\u001b[31mred\nline"] });

        Assert.Contains("warning              ?[31mred line\n", text);
    }
}
