using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Nperf.Chaos;

/// <summary>Programs and ports of this machine.</summary>
internal static class Tools
{
    private static int _port = 20_000 + (Environment.ProcessId * 64 % 12_000);

    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end; its standard output.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(string name, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Find(name) ?? throw new InvalidOperationException($"{name} is not installed"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{name} {string.Join(' ', arguments)}: {errors.Result.Trim()}");
    }

    /// <summary>A port of nobody's, whose next is nobody's either, below those that the system hands out.</summary>
    public static int TakePort()
    {
        while (true)
        {
            int port = 20_000 + (Interlocked.Add(ref _port, 2) % 12_000);
            if (IsFree(port) && IsFree(port + 1)) return port;
        }
    }

    /// <summary>True where nobody listens on <paramref name="port"/>.</summary>
    public static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
