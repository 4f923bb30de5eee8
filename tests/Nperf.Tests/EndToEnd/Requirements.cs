using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nperf.Tests.EndToEnd;

/// <summary>What a test needs of its machine. What is not there skips the test and says why.</summary>
internal static class Requirements
{
    public static void Program(string name, string debianPackage) =>
        Assert.SkipUnless(
            Find(name) is not null, $"the program {name} is not installed (Debian package {debianPackage})");

    public static void Root(string what = "network namespaces") =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, $"{what} take root");

    /// <summary>A test that takes minutes where processors are few.</summary>
    public static void LongTests() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("NPERF_LONG_TESTS") == "1", "takes minutes; set NPERF_LONG_TESTS=1 to run it");

    public static void FreePort(int port) => Assert.SkipUnless(IsFree(port), $"TCP port {port} is in use");

    /// <summary>True where nobody has <paramref name="port"/> at the moment.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using TcpListener listener = new(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static void Memory(int gibibytes)
    {
        string available = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        long kibibytes = long.Parse(available.AsSpan(13, available.Length - 15), CultureInfo.InvariantCulture);
        Assert.SkipUnless(kibibytes >> 20 >= gibibytes, $"{gibibytes} GiB of memory are not free");
    }

    /// <summary>The path of a program, looked for where root's programs are as well; null where there is none.</summary>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>A port that was free a moment ago, for a test that must know it before anyone listens.</summary>
    public static int UnusedPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
