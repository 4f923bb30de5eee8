using Nperf.Core.Tests.Machine;
using Nperf.Native;

namespace Nperf.Core.Tests.Native;

public class NcclTests
{
    // A communicator is what its start was given; a collective gives back its count as its status.
    private const string Library = """
        #include <stddef.h>
        #include <string.h>
        #ifndef VERSION
        #define VERSION 22105
        #endif
        typedef struct { unsigned char bytes[128]; } Id;
        static struct { int size, rank; Id id; unsigned char config[96]; } started;
        int ncclGetVersion(int *version) { *version = VERSION; return 0; }
        const char *ncclGetErrorString(int status) { return status == 5 ? "invalid usage" : "another"; }
        const char *ncclGetLastError(void *comm) { return LAST; }
        int ncclGetUniqueId(Id *id) { for (int i = 0; i < 128; i++) id->bytes[i] = 200 - i; return 0; }
        int ncclCommInitRankConfig(void **comm, int size, Id id, int rank, void *config) {
            started.size = size;
            started.rank = rank;
            started.id = id;
            memcpy(started.config, config, *(size_t *)config);
            *comm = &started;
            return 7;
        }
        int ncclCommFinalize(void *comm) { return 7; }
        int ncclCommDestroy(void *comm) { return 0; }
        int ncclCommAbort(void *comm) { return 5; }
        int ncclCommGetAsyncError(void *comm, int *state) { *state = 7; return 0; }
        int ncclAllReduce(void *s, void *r, size_t count) { return count; }
        int ncclAllGather(void *s, void *r, size_t count) { return count; }
        int ncclBroadcast(void *s, void *r, size_t count) { return count; }
        int ncclReduce(void *s, void *r, size_t count) { return count; }
        int ncclReduceScatter(void *s, void *r, size_t count) { return count; }
        int ncclSend(void *s, size_t count) { return count; }
        int ncclRecv(void *r, size_t count) { return count; }
        int ncclGroupStart(void) { return 0; }
        int ncclGroupEnd(void) { return 0; }
        """;

    [Fact]
    public void A_failure_names_the_call_and_has_the_text_the_number_and_the_last_error_in_one_line()
    {
        using var library = Made("\" first line\\n second\\n\"");
        Nccl nccl = Opened(library);

        var failure = Assert.Throws<LibraryException>(() => nccl.AllReduce(0, 0, 5, 7, 0, 0, 0));

        Assert.Equal("ncclAllReduce failed: invalid usage (5): first line second", failure.Message);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("NULL")]
    public void A_failure_without_a_last_error_ends_with_the_number(string last)
    {
        using var library = Made(last);
        var failure = Assert.Throws<LibraryException>(() => Opened(library).Send(0, 5, 7, 1, 0, 0));
        Assert.Equal("ncclSend failed: invalid usage (5)", failure.Message);
    }

    [Fact]
    public void What_is_in_progress_is_no_failure()
    {
        using var library = Made();
        Nccl nccl = Opened(library);
        nccl.AllReduce(0, 0, 7, 7, 0, 0, 0);
        nccl.Finalize(0);
        Assert.Equal((int)NcclStatus.InProgress, nccl.AsyncError(0));
    }

    [Fact]
    public unsafe void A_communicator_starts_with_the_id_that_was_carried_to_it()
    {
        using var library = Made();
        Nccl nccl = Opened(library);
        byte[] carried = nccl.GetUniqueId().ToArray();

        nint comm = nccl.InitRank(8, NcclUniqueId.FromBytes(carried), 5, new NcclConfig { MinCtas = 4 });

        int* start = (int*)comm;
        Assert.Equal((8, 5), (start[0], start[1]));
        Assert.Equal([.. Enumerable.Range(0, 128).Select(i => (byte)(200 - i))], carried);
        Assert.Equal(carried, new ReadOnlySpan<byte>(start + 2, NcclUniqueId.Bytes).ToArray());
        Assert.Equal([48, 0, unchecked((int)0xcafebeef), 22105], new ReadOnlySpan<int>(start + 34, 4).ToArray());
        // Without a greatest number that is above the least, NCCL would refuse the least.
        Assert.Equal([1, int.MinValue, 4, 64], new ReadOnlySpan<int>(start + 38, 4).ToArray());
    }

    [Theory]
    [InlineData(21403, 24)]
    [InlineData(21700, 40)]
    [InlineData(22606, 48)]
    [InlineData(22703, 72)]
    [InlineData(22809, 80)]
    [InlineData(22907, 88)]
    [InlineData(23003, 96)]
    [InlineData(24101, 96)]
    public void The_settings_have_the_size_and_the_version_of_the_NCCL_that_takes_them(int version, int bytes)
    {
        NcclConfigBlock block = NcclConfigBlock.For(new NcclConfig { Blocking = false }, version);

        Assert.Equal(((nuint)bytes, 0xcafebeefu), (block.Size, block.Magic));
        Assert.Equal((uint)Math.Min(version, 23007), block.Version);
        Assert.Equal((0, int.MinValue, int.MinValue), (block.Blocking, block.MinCtas, block.GraphStreamOrdering));
    }

    [Theory]
    [InlineData(22606, 0, null, "NCCL 2.26.6 cannot be given a CTA policy: that came with 2.27")]
    [InlineData(22703, 2, null, "NCCL 2.27.3 cannot be given the CTA policy zero: that came with 2.28")]
    [InlineData(21605, null, 4, "NCCL 2.16.5 cannot be given a number of CTAs: that came with 2.17")]
    [InlineData(21304, null, null, "NCCL 2.13.4 is too old: 2.14 is the oldest that takes settings")]
    public void A_setting_that_came_later_is_refused_by_name(int version, int? policy, int? ctas, string message)
    {
        var config = new NcclConfig { CtaPolicy = policy, MaxCtas = ctas };
        Assert.Equal(message, Assert.Throws<LibraryException>(() => NcclConfigBlock.For(config, version)).Message);
    }

    [Fact]
    public void A_version_without_what_came_later_says_so_and_one_without_what_is_needed_is_refused()
    {
        using var library = Made();
        Nccl nccl = Opened(library);
        Assert.False(nccl.HasAllToAll || nccl.HasMemAlloc || nccl.HasRegister || nccl.HasWindows || nccl.HasLogReset);

        using var older = new StandInLibrary("""
            int ncclGetVersion(int *version) { *version = 21304; return 0; }
            const char *ncclGetErrorString(int status) { return ""; }
            int ncclGetUniqueId(void *id) { return 0; }
            """);
        var failure = Assert.Throws<LibraryException>(() => Opened(older));
        Assert.Equal("there is no symbol ncclCommInitRankConfig in it", failure.Message);
    }

    private static StandInLibrary Made(string last = "NULL") => new($"#define LAST {last}\n{Library}");

    private static Nccl Opened(StandInLibrary library)
    {
        var nccl = new Nccl(DynamicLibrary.Open(library.Path));
        nccl.RequireAll();
        return nccl;
    }
}
