using Nperf.Core.NcclLog;

namespace Nperf.Core.Tests.NcclLog;

public sealed class NcclChoiceCursorTests
{
    private const int Ranks = 4;

    [Fact]
    public void Choices_belong_to_calls_in_their_order()
    {
        var cursor = new NcclChoiceCursor(
        [
            Choice("AllReduce", 1024, "tree"), Choice("AllReduce", 2048, "ring"),
            Choice("AllReduce", 1024, "nvls"), Choice("ReduceScatter", 256, "pat"),
        ]);

        Assert.Equal("tree", cursor.Next("allreduce", 1024, Ranks)?.Algorithm);
        Assert.Null(cursor.Next("alltoall", 2048, Ranks));
        Assert.Equal("ring", cursor.Next("allreduce", 2048, Ranks)?.Algorithm);
        Assert.Equal("nvls", cursor.Next("allreduce", 1024, Ranks)?.Algorithm);
        Assert.Null(cursor.Next("allreduce", 1024, Ranks));
        Assert.Equal("pat", cursor.Next("reducescatter", 256, Ranks)?.Algorithm);
    }

    [Theory]
    [InlineData("AllGather")]
    [InlineData(null)]
    public void Older_versions_count_the_bytes_of_all_ranks(string? operation)
    {
        var cursor = new NcclChoiceCursor([Choice(operation, 1024, "ring")]);

        Assert.Null(cursor.Next("allreduce", 256, Ranks));
        Assert.Equal("ring", cursor.Next("allgather", 256, Ranks)?.Algorithm);
    }

    private static NcclChoice Choice(string? operation, long bytes, string algorithm) =>
        new(operation, bytes, algorithm, "simple", null);
}
