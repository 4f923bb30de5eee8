using System.Text.Json;
using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

/// <summary>
/// Runs of the binary on GPUs that the stand-in pretends, with a folder of their own for whatever they leave behind.
/// </summary>
internal sealed class StandInRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _temporary = new();

    /// <summary>What a machine with GPUs has, and the settings given.</summary>
    public Dictionary<string, string?> Environment(params ReadOnlySpan<(string Name, string Value)> settings)
    {
        Dictionary<string, string?> environment = StandInGpu.Environment(settings);
        environment["CUDA_VISIBLE_DEVICES"] = environment.GetValueOrDefault("CUDA_VISIBLE_DEVICES");
        environment["TMPDIR"] = _temporary.Path;
        environment["STANDIN_FOLDER"] = _folder.Path;
        environment["STANDIN_REPORT"] = _folder.File("report");
        return environment;
    }

    /// <summary>Starts nperf with NCCL and these settings.</summary>
    public RunningProcess Start(string arguments, params ReadOnlySpan<(string Name, string Value)> settings) =>
        RunningProcess.Start(
            NperfBinary.Path, ["--nccl-lib", StandInGpu.Library, .. NperfBinary.Split(arguments)],
            environment: Environment(settings));

    /// <summary>The document of a run that ends well.</summary>
    public JsonElement Document(string arguments, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        using RunningProcess nperf = Start($"{arguments} -J", settings);
        nperf.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        AssertOnGpus(document);
        AssertNothingIsLeft(document);
        return document;
    }

    /// <summary>Values that reached native code under <paramref name="name"/>, by process.</summary>
    public ILookup<int, string> Reported(string name) => File.ReadLines(_folder.File("report"))
        .Select(line => line.Split([' ', '='], 3))
        .Where(line => line[1] == name)
        .ToLookup(line => int.Parse(line[0], System.Globalization.CultureInfo.InvariantCulture), line => line[2]);

    /// <summary>The symbols that were called.</summary>
    public IEnumerable<string> CalledSymbols() => File.ReadLines(_folder.File("report"))
        .Select(line => line.Split([' ', '='])[1])
        .Where(name => name.StartsWith("calls.", StringComparison.Ordinal))
        .Select(name => name["calls.".Length..])
        .Distinct();

    /// <summary>Asserts that NCCL ran and every size was right.</summary>
    public static void AssertOnGpus(JsonElement document)
    {
        Assert.Equal("nccl", document.GetProperty("config").GetProperty("backend").GetString());
        Assert.False(document.TryGetProperty("error", out JsonElement error), error.ToString());
        Assert.NotEmpty(document.GetProperty("results").EnumerateArray());
        foreach (JsonElement result in document.GetProperty("results").EnumerateArray())
        {
            JsonElement wrong = result.GetProperty("wrong");
            if (result.GetProperty("operation").GetString() == "barrier") Assert.Equal(JsonValueKind.Null, wrong.ValueKind);
            else Assert.True(wrong.ValueKind == JsonValueKind.Number && wrong.GetInt64() == 0, result.ToString());
        }
    }

    /// <summary>Asserts that no process of the run lives on and nothing lies in the temporary folder.</summary>
    public void AssertNothingIsLeft(JsonElement document)
    {
        ChildProcesses.AssertGone(document.GetProperty("processes").EnumerateArray()
            .Select(process => process.GetProperty("processId").GetInt32()));
        Assert.Empty(Directory.GetFileSystemEntries(_temporary.Path));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }
}
