using Nperf.Core.Machine;

namespace Nperf.Core.Tests.Machine;

public class SystemTests
{
    [Fact]
    public void This_machine_has_processors_and_memory()
    {
        SystemFacts facts = SystemFacts.Read();

        Assert.InRange(facts.AllowedProcessors.Count, 1, facts.Processors);
        Assert.InRange(facts.FreeMemory, 1, facts.TotalMemory!.Value);
    }

    [Theory]
    [InlineData(
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\nGCC version:  gcc 12.3.0",
        "535.104.05")]
    [InlineData(
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.82.07  Release Build  (builder)", "580.82.07")]
    [InlineData("something else", "something else")]
    public void The_kernel_modules_version_is_found_in_its_line(string text, string version) =>
        Assert.Equal(version, SystemFacts.ModuleVersion(text));

    [Fact]
    public void Limits_are_the_soft_ones()
    {
        const string text = """
            Limit                     Soft Limit           Hard Limit           Units
            Max open files            1024                 524288               files
            Max locked memory         8388608              unlimited            bytes
            """;

        Assert.Equal(new Limits(8388608, 1024), Limits.Parse(text));
        Assert.Equal(Limits.Unlimited, Limits.Parse("Max locked memory   unlimited   unlimited   bytes").LockedMemory);
        Assert.Equal(new Limits(null, null), Limits.Parse(""));
    }

    [Fact]
    public void The_loopback_interface_is_listed_with_its_address()
    {
        NetworkPort loopback = Assert.Single(NetworkPort.All(), port => port.Name == "lo");

        Assert.Equal("up", loopback.State);
        Assert.Contains("127.0.0.1", loopback.Addresses);
    }

    [Theory]
    [InlineData("200000", 200000L)]
    [InlineData("-1", null)]
    [InlineData(null, null)]
    public void A_speed_is_taken_where_there_is_one(string? text, long? expected)
    {
        string folder = Directory.CreateTempSubdirectory("nperf test ").FullName;
        try
        {
            string port = Directory.CreateDirectory(Path.Combine(folder, "ib0")).FullName;
            File.WriteAllText(Path.Combine(port, "operstate"), "up\n");
            File.WriteAllText(Path.Combine(port, "mtu"), "4092\n");
            if (text is not null) File.WriteAllText(Path.Combine(port, "speed"), text + "\n");

            NetworkPort read = NetworkPort.Read(folder, "ib0", []);

            Assert.Equal(("up", 4092L, expected), (read.State, read.MtuBytes, read.SpeedMegabits));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
