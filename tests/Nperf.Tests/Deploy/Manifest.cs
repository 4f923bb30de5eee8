using System.Globalization;
using k8s;
using k8s.Models;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Deploy;

/// <summary>
/// A manifest of <c>deploy/kubernetes</c>, read as strictly as Kubernetes' own models allow: a field that they do not
/// have, or that stands there twice, is an error.
/// </summary>
internal sealed class Manifest
{
    /// <summary>What the Job's controller sets in every pod.</summary>
    public const string IndexVariable = "JOB_COMPLETION_INDEX";

    private Manifest(IReadOnlyList<object> objects)
    {
        Job = Assert.Single(objects.OfType<V1Job>());
        Service = Assert.Single(objects.OfType<V1Service>());
        Assert.Equal(2, objects.Count);
    }

    /// <summary>The names of all manifests.</summary>
    public static IEnumerable<string> Names { get; } =
        Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order();

    public V1Job Job { get; }

    public V1Service Service { get; }

    public V1PodSpec Pod => Job.Spec.Template.Spec;

    public V1Container Container => Assert.Single(Pod.Containers);

    /// <summary>How many pods run.</summary>
    public int Pods => Job.Spec.Completions ?? 1;

    private static string Folder => Path.Combine(NperfBinary.Root, "deploy", "kubernetes");

    public static Manifest Load(string name) =>
        new(KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(Folder, name)), strict: true));

    /// <summary>The name under which the pods of the Job reach the pod of this index.</summary>
    public string HostOf(int index) => $"{PodHost(index)}.{Pod.Subdomain}";

    /// <summary>The host name within the pod of this index.</summary>
    public string PodHost(int index) => $"{Job.Metadata.Name}-{index}";

    /// <summary>The variables of the pod of this index. What comes from a Secret has the value <paramref name="secret"/>.</summary>
    public Dictionary<string, string> Environment(int index, string secret)
    {
        Dictionary<string, string> environment = Container.Env.ToDictionary(
            variable => variable.Name,
            variable => variable.ValueFrom is null ? variable.Value : Secret(variable.ValueFrom, secret));
        environment[IndexVariable] = index.ToString(CultureInfo.InvariantCulture);
        return environment;
    }

    /// <summary>The arguments of the pod of this index, with variables put in as the kubelet does.</summary>
    public string[] Arguments(int index)
    {
        Dictionary<string, string> environment = Environment(index, secret: "");
        return [.. Container.Args.Select(argument =>
            environment.Aggregate(argument, (text, variable) => text.Replace($"$({variable.Key})", variable.Value)))];
    }

    private static string Secret(V1EnvVarSource source, string secret)
    {
        Assert.NotNull(source.SecretKeyRef);
        return secret;
    }
}
