using PublicApiGenerator;

namespace Nperf.Core.Tests.Library;

/// <summary>
/// What the package offers is what stands in <c>PublicApi.txt</c>: everything else is internal. A change of it is a change for
/// its users, and belongs into the changelog.
/// </summary>
public sealed class PublicApiTests
{
    private const string Listed = "Library/PublicApi.txt", Found = "Library/PublicApi.found.txt";

    [Fact]
    public void The_public_API_is_the_one_that_is_listed()
    {
        string found = typeof(Benchmark).Assembly.GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            ExcludeAttributes = ["System.Text.Json.Serialization.JsonIgnoreAttribute"],
        }) + "\n";
        string[] listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, Listed));
        string path = Path.Combine(AppContext.BaseDirectory, Found);
        File.WriteAllText(path, found);

        string[] lines = found.TrimEnd('\n').Split('\n');
        Assert.True(
            lines.SequenceEqual(listed),
            $"public and not listed:\n{string.Join('\n', lines.Except(listed))}\nlisted and not public:\n{string.Join('\n', listed.Except(lines))}\n"
            + $"make it internal, or, where others are to have it, copy {path} to tests/Nperf.Core.Tests/{Listed}");
    }

    [Fact]
    public void The_native_calls_are_nobody_elses() =>
        Assert.Empty(typeof(Nperf.Native.Terminal).Assembly.GetExportedTypes());
}
