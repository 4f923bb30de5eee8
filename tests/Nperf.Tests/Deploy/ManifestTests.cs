using k8s.Models;
using Nperf.Arguments;
using Nperf.Core.Options;

namespace Nperf.Tests.Deploy;

/// <summary>What the manifests of <c>deploy/kubernetes</c> say, apart from a cluster.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Names => [.. Manifest.Names];

    [Fact]
    public void There_is_one_for_the_host_backend_one_for_GPUs_and_one_for_NCCLs_bootstrap() =>
        Assert.Equal(["gpu.yaml", "host.yaml", "nccl-bootstrap.yaml"], Manifest.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_index_runs_once_at_the_same_time_and_never_again(string name)
    {
        V1JobSpec job = Manifest.Load(name).Job.Spec;
        Assert.Equal("Indexed", job.CompletionMode);
        Assert.Equal(job.Completions, job.Parallelism);
        Assert.Equal(0, job.BackoffLimit);
        Assert.Equal("Never", job.Template.Spec.RestartPolicy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_service_gives_the_pods_their_names_before_they_are_ready(string name)
    {
        Manifest manifest = Manifest.Load(name);
        V1ServiceSpec service = manifest.Service.Spec;
        Assert.Equal("None", service.ClusterIP);
        Assert.True(service.PublishNotReadyAddresses);
        Assert.Equal(manifest.Service.Metadata.Name, manifest.Pod.Subdomain);
        Assert.Equal(manifest.Job.Metadata.Name, Assert.Single(service.Selector, label => label.Key == "job-name").Value);
        Assert.Equal(
            manifest.Container.Ports.Select(port => (port.Name, port.ContainerPort)),
            service.Ports.Select(port => (port.Name, port.Port)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_pod_is_told_of_the_first_ones_name_and_of_how_many_there_are(string name)
    {
        Manifest manifest = Manifest.Load(name);
        Dictionary<string, string> environment = manifest.Environment(0, secret: "x");
        if (environment.TryGetValue("NCCL_COMM_ID", out string? id))
        {
            Assert.StartsWith($"{manifest.HostOf(0)}:", id, StringComparison.Ordinal);
            Assert.Contains($"--world-size={manifest.Pods}", manifest.Arguments(0));
            Assert.Contains("--rank=1", manifest.Arguments(1));
        }
        else
        {
            Assert.Equal(manifest.HostOf(0), environment["MASTER_ADDR"]);
            Assert.Equal($"{manifest.Pods}", environment["WORLD_SIZE"]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nperf_takes_the_arguments_in_every_pod_as_those_of_its_place(string name)
    {
        Manifest manifest = Manifest.Load(name);
        for (int index = 0; index < manifest.Pods; index++)
        {
            ParsedCommand command = CommandLine.Parse(manifest.Arguments(index), manifest.Environment(index, "a token for tests"));
            Assert.Empty(command.Errors);
            Assert.Equal(index == 0 ? Mode.Server : Mode.Client, command.Process.Mode);
            Assert.Equal(new AssignedPlace(index, manifest.Pods), command.Process.Assigned);
            Assert.NotNull(command.Process.Token);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pod_has_no_rights_that_it_does_not_need(string name)
    {
        Manifest manifest = Manifest.Load(name);
        Assert.True(manifest.Pod.SecurityContext.RunAsNonRoot);
        Assert.False(manifest.Pod.AutomountServiceAccountToken);
        V1SecurityContext container = manifest.Container.SecurityContext;
        Assert.False(container.AllowPrivilegeEscalation);
        Assert.True(container.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.Capabilities.Drop);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whoever_joins_has_to_show_a_token_from_a_secret(string name)
    {
        V1EnvVar token = Assert.Single(Manifest.Load(name).Container.Env, variable => variable.Name == "NPERF_TOKEN");
        Assert.Equal("nperf-token", token.ValueFrom.SecretKeyRef.Name);
        Assert.NotEqual(true, token.ValueFrom.SecretKeyRef.Optional);
    }

    [Theory]
    [InlineData("gpu.yaml")]
    [InlineData("nccl-bootstrap.yaml")]
    public void With_GPUs_a_pod_has_shared_memory_and_a_place_for_NCCLs_log(string name)
    {
        Manifest manifest = Manifest.Load(name);
        Assert.NotEqual("0", manifest.Container.Resources.Limits["nvidia.com/gpu"].ToString());
        Assert.Equal("Memory", VolumeAt("/dev/shm").Medium);
        Assert.NotNull(VolumeAt("/tmp").SizeLimit);

        V1EmptyDirVolumeSource VolumeAt(string path)
        {
            string volume = Assert.Single(manifest.Container.VolumeMounts, mount => mount.MountPath == path).Name;
            return Assert.Single(manifest.Pod.Volumes, other => other.Name == volume).EmptyDir;
        }
    }

    [Fact]
    public void On_the_host_backend_each_pod_has_a_node_of_its_own()
    {
        Manifest manifest = Manifest.Load("host.yaml");
        V1PodAffinityTerm apart =
            Assert.Single(manifest.Pod.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution);
        Assert.Equal("kubernetes.io/hostname", apart.TopologyKey);
        Assert.Equal(manifest.Job.Metadata.Name, apart.LabelSelector.MatchLabels["job-name"]);
    }
}
