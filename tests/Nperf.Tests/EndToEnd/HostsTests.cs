using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>The specification's commands on hosts with addresses and names of their own.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class HostsTests
{
    [Fact]
    public void Two_hosts_run_as_the_specification_writes_it()
    {
        using NamespaceHosts hosts = new(2);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 1 --op allreduce -b 1M");
        using RunningProcess client = hosts.Start(2, "./nperf -c node1 --op allreduce -b 1M");
        server.ExpectSuccess();
        client.ExpectSuccess();
        Assert.Contains("allreduce", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Four_hosts_run_to_sixteen_mebibytes()
    {
        using NamespaceHosts hosts = new(4);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 3 --op allreduce -b 1M -B 16M");
        using RunningProcess second = hosts.Start(2, "./nperf -c node1 --op allreduce -b 1M -B 16M");
        using RunningProcess third = hosts.Start(3, "./nperf -c node1 --op allreduce -b 1M -B 16M");
        using RunningProcess fourth = hosts.Start(4, "./nperf -c node1 --op allreduce -b 1M -B 16M");
        server.ExpectSuccess(seconds: 600);
        second.ExpectSuccess();
        third.ExpectSuccess();
        fourth.ExpectSuccess();
    }

    [Fact]
    public void Four_hosts_run_as_the_specification_writes_it()
    {
        Requirements.LongTests();
        Requirements.Memory(gibibytes: 12);
        using NamespaceHosts hosts = new(4);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 3 --op allreduce -b 1M -B 1G");
        using RunningProcess second = hosts.Start(2, "./nperf -c node1 --op allreduce -b 1M -B 1G");
        using RunningProcess third = hosts.Start(3, "./nperf -c node1 --op allreduce -b 1M -B 1G");
        using RunningProcess fourth = hosts.Start(4, "./nperf -c node1 --op allreduce -b 1M -B 1G");
        server.ExpectSuccess(seconds: 1200);
        second.ExpectSuccess();
        third.ExpectSuccess();
        fourth.ExpectSuccess();
    }

    [Fact]
    public void A_custom_port_is_reached_by_the_servers_full_name()
    {
        using NamespaceHosts hosts = new(3);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 2 -p 6000 --op allreduce -b 1M");
        using RunningProcess second = hosts.Start(2, "./nperf -c server.example.com -p 6000 --op allreduce -b 1M");
        using RunningProcess third = hosts.Start(3, "./nperf -c server.example.com -p 6000 --op allreduce -b 1M");
        server.ExpectSuccess();
        second.ExpectSuccess();
        third.ExpectSuccess();
    }

    [Fact]
    public void The_document_names_hosts_and_addresses()
    {
        using NamespaceHosts hosts = new(2);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 1 --op allreduce -b 1K -B 1M -J");
        using RunningProcess client = hosts.Start(2, "./nperf -c server --op allreduce -b 1K -B 1M");
        server.ExpectSuccess();
        client.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(server.Output);
        document.AssertCorrect();
        JsonElement[] processes = [.. document.GetProperty("processes").EnumerateArray()];
        Assert.Equal(["node1", "node2"], processes.Select(process => process.GetProperty("host").GetString()));
        Assert.StartsWith("10.99.0.2", processes[1].GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.Equal("node1", document.GetProperty("environment").GetProperty("hostname").GetString());
    }

    /// <summary>A process for each digit, on the host of this number, joining in this order.</summary>
    [Theory]
    [InlineData("12", 2, "hierarchical")]
    [InlineData("1212", 1, "hierarchical")]
    [InlineData("1211", 1, "hierarchical-leader")]
    [InlineData("112233", 1, "hierarchical")]
    public void Ranks_that_share_a_host_reduce_there_first(string processes, int ranks, string algorithm)
    {
        using NamespaceHosts hosts = new(processes.Max() - '0');
        string options = "--op allreduce,allgather,broadcast,reduce,reducescatter -b 4K -B 2M -S 512 -i 3 --in-place both -J";
        using RunningProcess server = hosts.Start(1, $"./nperf -s -n {processes.Length - 1} -g {ranks} {options}");
        var clients = new List<RunningProcess>();
        try
        {
            foreach (char host in processes[1..])
            {
                clients.Add(hosts.Start(host - '0', $"./nperf -c node1 -g {ranks}"));
                server.WaitForLine($"client {clients.Count} of ");
            }

            server.ExpectSuccess();
            clients.ForEach(client => client.ExpectSuccess());
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        JsonElement document = ResultsDocuments.Parse(server.Output);
        document.AssertCorrect();
        Assert.Equal(algorithm, document.GetProperty("results").EnumerateArray()
            .Last(result => result.GetProperty("operation").GetString() == "allreduce").GetProperty("algorithm").GetString());
    }

    [Fact]
    public void Processes_of_two_hosts_reach_each_other()
    {
        using NamespaceHosts hosts = new(2);
        using RunningProcess server = hosts.Start(1, "./nperf -s -g 2 --ranks-in processes --op all -b 4K -J");
        using RunningProcess client = hosts.Start(2, "./nperf -c node1 -g 2 --ranks-in processes");
        server.ExpectSuccess();
        client.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(server.Output);
        Assert.False(document.TryGetProperty("error", out JsonElement error), error.ToString());
        Assert.Equal(
            ["10.99.0.1", "10.99.0.1", "10.99.0.2", "10.99.0.2"],
            document.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("address").GetString()));
    }

    [Fact]
    public void A_port_check_from_another_host_finds_the_server_waiting()
    {
        Requirements.Program("nc", "netcat-openbsd");
        using NamespaceHosts hosts = new(2);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 1");
        NperfBinary.ListeningPort(server);
        using RunningProcess check = hosts.Start(2, "nc -zv server 5201");
        check.ExpectSuccess();
        using RunningProcess client = hosts.Start(2, "./nperf -c server");
        client.ExpectSuccess();
        server.ExpectSuccess();
    }

    [Theory]
    [InlineData("eth0")]
    [InlineData("10.99.0.0/24")]
    public void Data_goes_over_the_interface_that_was_named(string networkInterface)
    {
        using NamespaceHosts hosts = new(2);
        using RunningProcess server = hosts.Start(1, $"./nperf -s --interface {networkInterface} -b 64K -J");
        using RunningProcess client = hosts.Start(2, $"./nperf -c node1 --interface {networkInterface}");
        server.ExpectSuccess();
        client.ExpectSuccess();
        ResultsDocuments.Parse(server.Output).AssertCorrect();
    }

    [Fact]
    public void Data_goes_over_all_the_interfaces_that_were_named_to_the_server()
    {
        using NamespaceHosts hosts = new(3);
        hosts.AddSecondNetwork(3);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 2 --interface eth0,eth1 --tcp-congestion reno -b 1M -J");
        using RunningProcess second = hosts.Start(2, "./nperf -c node1 --interface 10.99.0.0/16,10.98.0.0/16");
        using RunningProcess third = hosts.Start(3, "./nperf -c node1");
        server.ExpectSuccess();
        second.ExpectSuccess();
        third.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(server.Output);
        document.AssertCorrect();
        JsonElement config = document.GetProperty("config");
        Assert.Equal((2, "reno"), (config.GetProperty("streams").GetInt32(), config.GetProperty("tcpCongestion").GetString()));
        Assert.Equal("reno", document.GetProperty("environment").GetProperty("tcpCongestionControl").GetString());
        foreach (JsonElement process in document.GetProperty("processes").EnumerateArray())
        {
            int host = process.GetProperty("host").GetString()![^1] - '0';
            Assert.Equal(
                [("eth0", $"10.99.0.{host}"), ("eth1", $"10.98.0.{host}")],
                process.GetProperty("interfaces").EnumerateArray()
                    .Select(one => (one.GetProperty("name").GetString(), one.GetProperty("address").GetString())));
            long first = hosts.BytesReceived(host, "eth0"), other = hosts.BytesReceived(host, "eth1");
            Assert.True(Math.Min(first, other) > 10_000_000, $"node{host} received {first} bytes by eth0 and {other} by eth1");
        }

        Assert.Contains("2 streams a pair, reno", third.Output, StringComparison.Ordinal);
        Assert.Contains("data over eth0 (10.99.0.3), eth1 (10.98.0.3)", third.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_of_the_server_that_a_client_does_not_have_is_refused_with_the_clients_host()
    {
        using NamespaceHosts hosts = new(2);
        hosts.AddSecondNetwork(1);
        using RunningProcess server = hosts.Start(1, "./nperf -s --interface eth0,eth1");
        using RunningProcess client = hosts.Start(2, "./nperf -c node1");
        foreach (RunningProcess each in new[] { server, client })
        {
            each.ExpectExit(1);
            Assert.Contains("--interface eth1: there is no such interface", each.Errors, StringComparison.Ordinal);
            Assert.Contains("node2 has ", each.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_congestion_control_that_a_host_does_not_have_is_refused_before_anybody_is_waited_for()
    {
        using RunningProcess server = NperfBinary.Start("-s -p 0 --tcp-congestion no-such");
        server.ExpectExit(1);
        Assert.Matches(@"(?m)^nperf: error: --tcp-congestion no-such: .* it offers .*reno", server.Errors);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_refused_by_name_before_anybody_is_waited_for()
    {
        using NamespaceHosts hosts = new(2);
        using RunningProcess server = hosts.Start(1, "./nperf -s --interface eth7");
        Assert.Equal(1, server.WaitForExit());
        Assert.Contains("--interface eth7: there is no such interface", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_whose_cable_is_pulled_is_named_by_the_others()
    {
        using NamespaceHosts hosts = new(3);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 2 -b 1K -i 10 --cycles 0 --timeout 10 -J");
        using RunningProcess second = hosts.Start(2, "./nperf -c node1");
        server.WaitForLine("client 1 of 2");
        using RunningProcess third = hosts.Start(3, "./nperf -c node1");
        third.WaitForLine(Table.Row1K);
        hosts.Unplug(3);
        server.ExpectExit(1);
        second.ExpectExit(1);
        third.ExpectExit(1);

        // Whoever is in reach names the one that is not, with its host; to that one it is the others who are gone.
        foreach (RunningProcess reached in new[] { server, second })
            Assert.Matches(@"(?m)^nperf: error: .*rank 2 .*node3", reached.Errors);
        Assert.Matches("(?m)^nperf: error: .*rank [01]", third.Errors);
        JsonElement document = ResultsDocuments.Parse(server.Output);
        Assert.NotEmpty(document.Sizes());
        Assert.Equal((2, "node3"), (document.GetProperty("error").GetProperty("rank").GetInt32(), document.GetProperty("error").GetProperty("host").GetString()));
    }
}
