using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>The Dockerfile, built by buildah on bases of this machine's files.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class ContainerImageTests
{
    private const string Image = "localhost/nperf";

    [Fact]
    public void The_image_has_the_binary_alone_and_runs_it_as_a_user_without_rights()
    {
        using ImageStore store = new(NperfBinary.NativePath());
        store.Build(NperfBinary.Root, [
            "-f", Path.Combine(NperfBinary.Root, "deploy", "docker", "Dockerfile"),
            "--build-arg", $"SDK={ImageStore.Sdk}", "--build-arg", $"RUNTIME={ImageStore.Runtime}", "-t", Image]);

        JsonElement settings = store.Settings(Image);
        string[] entry = [.. settings.GetProperty("Entrypoint").EnumerateArray().Select(word => word.GetString()!)];
        Assert.Contains("5201", settings.GetProperty("ExposedPorts").ToString(), StringComparison.Ordinal);
        Assert.Contains("NVIDIA_DRIVER_CAPABILITIES=compute,utility", settings.GetProperty("Env").ToString(), StringComparison.Ordinal);

        Assert.Equal("10001\n", store.Run(Image, "/bin/id", "-u"));
        Assert.Equal("/usr/local/bin/nperf\n", store.Run(Image, "/bin/find", "/usr", "-type", "f"));
        JsonElement document = ResultsDocuments.Parse(
            store.Run(Image, [.. entry, .. NperfBinary.Split("--op allreduce -b 1K -B 4K -i 2 -w 1 -J")]));
        document.AssertCorrect();
        Assert.Equal(2, document.Ranks());
    }
}
