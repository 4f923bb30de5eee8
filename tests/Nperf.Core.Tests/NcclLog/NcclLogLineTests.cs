using Nperf.Core.NcclLog;

namespace Nperf.Core.Tests.NcclLog;

public sealed class NcclLogLineTests
{
    [Theory]
    [InlineData("node1:46:47 [3] NCCL INFO a message", 46, 3, false, "a message")]
    [InlineData("node1:46:47 [3] misc/socket.cc:58 NCCL WARN Call failed : x", 46, 3, true, "Call failed : x")]
    [InlineData("[2026-01-02 03:04:05] node1:46:47 [3] misc/socket.cc:58 NCCL WARN x", 46, 3, true, "x")]
    [InlineData("[2026-01-02 03:04:05] node1:46:47 [3] misc/socket.cc:58 (f) NCCL WARN x", 46, 3, true, "x")]
    [InlineData("03:04:05 node1:46:47 [3] NCCL INFO x", 46, 3, false, "x")]
    [InlineData("03:04:05 [7] NCCL node1:46:47 [3] NCCL INFO x NCCL INFO y", 46, 3, false, "x NCCL INFO y")]
    [InlineData("node1:46:47 [3] NCCL INFO ", 46, 3, false, "")]
    public void Information_and_warnings_are_read(string text, int process, int device, bool isWarning, string message)
    {
        Assert.True(NcclLogLine.TryParse(text, out NcclLogLine line));
        Assert.Equal(
            (process, device, isWarning, message), (line.ProcessId, line.Device, line.IsWarning, line.Message.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("NCCL INFO x")]
    [InlineData(" NCCL INFO x")]
    [InlineData("NCCL version 2.22.3+cuda12.6")]
    [InlineData("somebody says NCCL INFO x")]
    [InlineData("node1:46:47 NCCL CALL ncclAllReduce")]
    [InlineData("node1:46:47 [3] 12.5 f:12 NCCL TRACE x")]
    [InlineData("node1:46:x [3] NCCL INFO x")]
    [InlineData("node1:46:47 [x] NCCL INFO x")]
    [InlineData("node1:46:47 [99999999999] NCCL INFO x")]
    public void Other_lines_are_not(string text) => Assert.False(NcclLogLine.TryParse(text, out _));
}
