using System.Net.Sockets;
using System.Text;
using Nperf.Core.NcclBackend;
using Nperf.Core.Tests.Rendezvous;

namespace Nperf.Core.Tests.NcclBackend;

public sealed class NcclRasTests
{
    private const string Healthy = """
        OK
        NCCL version 2.28.9 compiled with CUDA 13.0
        CUDA runtime version 13000, driver version 13000

        Job summary
        ===========

          Nodes  Processes         GPUs  Processes     GPUs
        (total)   per node  per process    (total)  (total)
              2          4            1          8        8

        Communicators... (0.00s)
        =============

        Group     Comms     Nodes     Ranks     Ranks     Ranks    Status  Errors
            #  in group  per comm  per node  per comm  in group
            0         1         2         4         8         8   RUNNING      OK

        """;

    private const string Straggler = """

        Errors
        ======

        Warnings
        ========

        #0-0 (27a079b828ff1a75) MISMATCH
          Communicator ranks have different collective operation counts
          7 ranks have launched up to operation 64
          Rank 7 has launched up to operation 60 -- GPU 3 managed by process 1650386 on node node1

        """;

    [Fact]
    public async Task What_it_finds_is_quoted()
    {
        using Socket listener = RawPeer.Listen(out int port);
        Task<string> served = Serve(listener, Healthy + Straggler);
        string? said = await Star.OnThread(() => NcclRas.Ask($"127.0.0.1:{port}", ranks: 8));
        Assert.Equal(
            "NCCL's RAS says: #0-0 (27a079b828ff1a75) MISMATCH; Communicator ranks have different collective operation counts; "
            + "7 ranks have launched up to operation 64; "
            + "Rank 7 has launched up to operation 60 -- GPU 3 managed by process 1650386 on node node1",
            said);
        Assert.Equal("TIMEOUT 1\nVERBOSE STATUS\n", await served);
    }

    [Fact]
    public async Task One_that_does_not_end_is_cut_off_and_what_it_said_is_kept()
    {
        using Socket listener = RawPeer.Listen(out int port);
        using CancellationTokenSource enough = new();
        Task<string> served = Serve(listener, Healthy + Straggler, enough.Token.WaitHandle);
        string? said = await Star.OnThread(() => NcclRas.Ask($"localhost:{port}", ranks: 8));
        Assert.Contains("7 ranks have launched up to operation 64", said, StringComparison.Ordinal);
        await enough.CancelAsync();
        await served;
    }

    [Fact]
    public void It_may_find_nothing() => Assert.Equal("NCCL's RAS finds nothing wrong", NcclRas.Read(Healthy, ranks: 8));

    [Fact]
    public void That_of_another_job_is_not_heard() => Assert.Null(NcclRas.Read(Healthy + Straggler, ranks: 2));

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    public void What_is_none_is_not_heard(string answer) => Assert.Null(NcclRas.Read(answer, ranks: 8));

    [Theory]
    [InlineData("127.0.0.1:{0}")]
    [InlineData("no-such-host.invalid:28028")]
    [InlineData("nonsense")]
    [InlineData(":1")]
    public void Nobody_there_is_no_answer(string address)
    {
        using Socket listener = RawPeer.Listen(out int port);
        listener.Dispose();
        Assert.Null(NcclRas.Ask(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, port), ranks: 8));
    }

    private static Task<string> Serve(Socket listener, string answer, WaitHandle? until = null) => Star.OnThread(() =>
    {
        using Socket client = listener.Accept();
        byte[] question = new byte[100];
        int bytes = 0;
        while (!Encoding.ASCII.GetString(question, 0, bytes).EndsWith("STATUS\n", StringComparison.Ordinal))
            bytes += client.Receive(question.AsSpan(bytes));
        client.Send(Encoding.UTF8.GetBytes(answer));
        until?.WaitOne(Star.Patience);
        return Encoding.ASCII.GetString(question, 0, bytes);
    });
}
