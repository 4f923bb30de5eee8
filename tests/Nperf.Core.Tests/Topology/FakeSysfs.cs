namespace Nperf.Core.Tests.Topology;

/// <summary>A folder that looks like <c>/sys</c> for the devices of one test.</summary>
internal sealed class FakeSysfs : IDisposable
{
    public FakeSysfs()
    {
        Write("devices/system/cpu/online", "0-63");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("nperf test ").FullName;

    public FakeSysfs Node(int id, string cpus)
    {
        Write($"devices/system/node/node{id}/cpulist", cpus);
        return this;
    }

    /// <summary>A device at the end of <paramref name="path"/>, which begins with a host bridge.</summary>
    public FakeSysfs Device(string path, int node = -1, string cpus = "0-63", string kind = "0x030200")
    {
        Write($"devices/{path}/numa_node", node.ToString());
        Write($"devices/{path}/local_cpulist", cpus);
        Write($"devices/{path}/class", kind);
        Link($"bus/pci/devices/{path[(path.LastIndexOf('/') + 1)..]}", $"../../../devices/{path}");
        return this;
    }

    /// <summary>A network interface of the device at <paramref name="path"/>.</summary>
    public FakeSysfs Interface(string name, string path, string speed = "-1", string type = "1", string between = "")
    {
        string folder = $"devices/{path}{between}/net/{name}";
        Write($"{folder}/speed", speed);
        Write($"{folder}/type", type);
        Link($"class/net/{name}", $"../../{folder}");
        return this;
    }

    /// <summary>An RDMA device with a port for each rate; null is a port that is down.</summary>
    public FakeSysfs Rdma(string name, string path, string layer, params string?[] rates)
    {
        string folder = $"devices/{path}/infiniband/{name}";
        for (int port = 1; port <= rates.Length; port++)
        {
            Write($"{folder}/ports/{port}/link_layer", layer);
            Write($"{folder}/ports/{port}/state", rates[port - 1] is null ? "1: DOWN" : "4: ACTIVE");
            Write($"{folder}/ports/{port}/rate", rates[port - 1] ?? "10 Gb/sec (4X SDR)");
        }

        Link($"class/infiniband/{name}", $"../../{folder}");
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Write(string file, string text)
    {
        string path = $"{Path}/{file}";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }

    private void Link(string link, string target)
    {
        string path = $"{Path}/{link}";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }
}
