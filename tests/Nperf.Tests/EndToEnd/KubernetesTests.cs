using System.Text.Json;
using Nperf.Testing;
using Nperf.Tests.Deploy;

namespace Nperf.Tests.EndToEnd;

/// <summary>
/// The pods of the manifests in <c>deploy/kubernetes</c> as processes on hosts of their own, with the arguments, variables
/// and names that a cluster would give them.
/// </summary>
[Collection(NperfBinaryUse.Name)]
public sealed class KubernetesTests
{
    private const string Token = "a token of sixteen characters at least";
    private const double Seconds = 120;

    [Fact]
    public void The_pods_on_CPU_memory_make_one_run_whose_results_the_first_one_has()
    {
        Manifest manifest = Manifest.Load("host.yaml");
        using NamespaceHosts hosts = new(manifest.Pods);
        JsonElement document = Run(manifest, index => Start(hosts, manifest, index), hosts);
        Assert.Equal("kubernetes", document.GetProperty("config").GetProperty("mode").GetString());
        Assert.Equal(
            Enumerable.Range(1, manifest.Pods).Select(host => $"node{host} 10.99.0.{host}"),
            document.GetProperty("processes").EnumerateArray()
                .Select(process => $"{process.GetProperty("host")} {process.GetProperty("address")}"));
    }

    [Theory]
    [InlineData("gpu.yaml", 2, "kubernetes")]
    [InlineData("nccl-bootstrap.yaml", 1, "nccl-bootstrap")]
    public void The_pods_with_GPUs_bring_a_process_for_each_that_they_were_given(string name, int each, string mode)
    {
        Manifest manifest = Manifest.Load(name);
        using StandInRun gpus = new();
        using NamespaceHosts hosts = new(manifest.Pods);

        // All GPUs of the stand-in are of this one machine: each pod is given some of its own, by number.
        JsonElement document = Run(manifest, index => StartWithGpus(hosts, gpus, manifest, index, each), hosts);
        StandInRun.AssertOnGpus(document);
        Assert.Equal(mode, document.GetProperty("config").GetProperty("mode").GetString());
        Assert.Equal(manifest.Pods * each, document.GetProperty("processes").GetArrayLength());
        gpus.AssertNothingIsLeft(document);
    }

    [Fact]
    public void A_pod_without_the_secret_of_the_others_is_not_let_in()
    {
        Manifest manifest = Manifest.Load("host.yaml");
        using NamespaceHosts hosts = new(2);
        hosts.AddName(1, manifest.HostOf(0));
        using RunningProcess server = Start(hosts, manifest, 0);
        using RunningProcess stranger = Start(hosts, manifest, 1, "another token of sixteen characters");
        stranger.ExpectExit(1, Seconds);
        Assert.Contains("token", stranger.Errors, StringComparison.Ordinal);
        Assert.False(server.HasExited, server.Describe());
    }

    /// <summary>Runs all pods, the first one last and before anybody knows its name, and returns its document.</summary>
    private static JsonElement Run(Manifest manifest, Func<int, RunningProcess> start, NamespaceHosts hosts)
    {
        List<RunningProcess> pods = [];
        try
        {
            for (int index = manifest.Pods - 1; index > 0; index--) pods.Add(start(index));
            hosts.AddName(1, manifest.HostOf(0));
            RunningProcess first = start(0);
            pods.Add(first);
            foreach (RunningProcess pod in pods) pod.ExpectSuccess(Seconds);
            Assert.All(pods.SkipLast(1), pod => Assert.Equal("", pod.Output));
            JsonElement document = ResultsDocuments.Parse(first.Output);
            document.AssertCorrect();
            return document;
        }
        finally
        {
            pods.ForEach(pod => pod.Dispose());
        }
    }

    private static RunningProcess Start(NamespaceHosts hosts, Manifest manifest, int index, string token = Token) =>
        hosts.Start(
            index + 1, NperfBinary.Path, Arguments(manifest, index),
            manifest.Environment(index, token).ToDictionary(variable => variable.Key, variable => (string?)variable.Value));

    private static RunningProcess StartWithGpus(
        NamespaceHosts hosts, StandInRun gpus, Manifest manifest, int index, int count)
    {
        Dictionary<string, string?> environment = gpus.Environment(("STANDIN_GPUS", $"{manifest.Pods * count}"));
        foreach ((string name, string value) in manifest.Environment(index, Token)) environment[name] = value;
        environment["CUDA_VISIBLE_DEVICES"] = string.Join(',', Enumerable.Range(index * count, count));
        return hosts.Start(
            index + 1, NperfBinary.Path, [.. Arguments(manifest, index), "--nccl-lib", StandInGpu.Library], environment);
    }

    /// <summary>The manifest's, with small sizes and the document.</summary>
    private static IEnumerable<string> Arguments(Manifest manifest, int index) =>
        manifest.Arguments(index)
            .Where(argument => !argument.StartsWith("--max-bytes=", StringComparison.Ordinal))
            .Concat(NperfBinary.Split("--max-bytes 4K -i 2 -w 1 --json"));
}
