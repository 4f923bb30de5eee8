using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class TokenTests : IDisposable
{
    private const string Token = "0123456789abcdef the token of a test";
    private const string Wrong = "fedcba9876543210 the token of a test";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_from_a_file_and_from_the_variable_let_processes_in_and_nobody_else()
    {
        string file = TokenFile();
        using RunningProcess server = RunningProcess.Start(
            NperfBinary.Path,
            [.. NperfBinary.Split("-s -p 0 -g 2 --ranks-in processes --transport tcp -b 1K -i 5 -J --timeout 120 --token-file"), file]);
        int port = NperfBinary.ListeningPort(server);

        using (RunningProcess none = NperfBinary.Start($"-c 127.0.0.1 -p {port}"))
        {
            none.ExpectExit(1);
            Assert.Matches("^nperf: error: server 127.0.0.1 .*asks for a token, and this client has none", none.Errors);
        }

        using (RunningProcess other = NperfBinary.Start($"-c 127.0.0.1 -p {port}", Variable(Wrong)))
        {
            other.ExpectExit(1);
            Assert.Matches("^nperf: error: server 127.0.0.1 .*does not accept this client's token", other.Errors);
        }

        using RunningProcess client = NperfBinary.Start(
            $"-c 127.0.0.1 -p {port} -g 2 --ranks-in processes --timeout 120", Variable($" {Token}\n"));
        client.ExpectSuccess(120);
        server.ExpectSuccess(120);
        JsonElement document = ResultsDocuments.Parse(server.Output);
        document.AssertCorrect();
        Assert.Equal(4, document.Ranks());
        foreach (string written in new[] { server.Output, server.Errors, client.Output, client.Errors })
            Assert.DoesNotContain("the token of a test", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_with_a_token_and_a_server_without_both_say_so_and_fail()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-b 1K --timeout 120");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}", Variable(Token));
            client.ExpectExit(1);
            Assert.Matches("^nperf: error: server 127.0.0.1 .*has no token, and this client has one", client.Errors);
            server.ExpectExit(1);
            Assert.Matches("^nperf: error: client 127.0.0.1 has a token, and this server has none", server.Errors);
        }
    }

    [Fact]
    public void A_file_for_everybody_and_an_empty_variable_are_mistakes()
    {
        string file = TokenFile();
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        using RunningProcess open = RunningProcess.Start(NperfBinary.Path, ["-s", "--token-file", file]);
        open.ExpectExit(2);
        Assert.Contains("is open to others than its owner", open.Errors, StringComparison.Ordinal);
        using RunningProcess empty = NperfBinary.Start("-s", Variable("\n"));
        empty.ExpectExit(2);
        Assert.Contains("NPERF_TOKEN: its value is empty; unset it to run without a token", empty.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_keeps_to_the_addresses_that_it_is_bound_to()
    {
        using RunningProcess server = NperfBinary.Start(
            "-s -p 0 -g 2 --ranks-in processes --bind 127.0.0.2 --transport tcp -b 1K -i 5 -J --timeout 120");
        int port = NperfBinary.ListeningPort(server);
        using (Socket elsewhere = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            var refused = Assert.Throws<SocketException>(() => elsewhere.Connect(IPAddress.Loopback, port));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        }

        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.2 -p {port} --bind 127.0.0.3 -g 2 --timeout 120");
        client.ExpectSuccess(120);
        server.ExpectSuccess(120);
        ResultsDocuments.Parse(server.Output).AssertCorrect();
    }

    [Fact]
    public void A_token_comes_through_a_pipe_as_well_and_reaches_the_members()
    {
        string file = TokenFile();
        using RunningProcess server = RunningProcess.Start(
            "/bin/bash",
            [
                "-c", "exec \"$0\" -s -p 0 -g 2 --ranks-in processes --backend host -b 1K -i 5 --timeout 120 --token-file <(cat \"$1\")",
                NperfBinary.Path, file,
            ]);
        int port = NperfBinary.ListeningPort(server);
        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} --timeout 120", Variable(Token));
        client.ExpectSuccess(120);
        server.ExpectSuccess(120);
        Assert.Contains("3 ranks in 3 processes", server.Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Variable(string value) => new() { ["NPERF_TOKEN"] = value };

    private string TokenFile()
    {
        string file = _folder.File("token");
        File.WriteAllText(file, Token + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
