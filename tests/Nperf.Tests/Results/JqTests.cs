using System.Diagnostics;
using Nperf.Output;

namespace Nperf.Tests.Results;

public class JqTests
{
    public static TheoryData<string> Filters =>
    [
        .. File.ReadLines(Path.Combine(Path.GetDirectoryName(Documents.SchemaPath)!, "output.md"))
            .Where(line => line.StartsWith("    jq ", StringComparison.Ordinal)),
    ];

    [Fact]
    public void The_documentation_has_examples() => Assert.InRange(Filters.Count, 4, 20);

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Examples_of_the_documentation_find_something(string example)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "jq"))),
            "jq is not installed");
        using var folder = new TemporaryResults();
        DocumentWriter.Write(Documents.Complete(Documents.Size(2048), Documents.Size(1 << 20)), folder.File);
        string filter = example.Split('\'')[1];
        using var jq = Process.Start(
            new ProcessStartInfo("jq", ["-e", filter, folder.File]) { RedirectStandardOutput = true })!;
        string output = await jq.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await jq.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);

        Assert.Equal(0, jq.ExitCode);
        Assert.NotEmpty(output);
    }

    private sealed class TemporaryResults : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nperf-tests-").FullName;

        public string File => Path.Combine(_folder, "results.json");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
