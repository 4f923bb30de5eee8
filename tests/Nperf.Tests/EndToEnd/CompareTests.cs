using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_against_itself_is_equal_and_against_one_that_takes_twice_as_long_it_is_not()
    {
        string run = Run("run.json", "-b 1K -B 2K"), slow = Changed(run, "slow.json", document =>
        {
            foreach (JsonNode? result in document["results"]!.AsArray())
                result!["blocksUs"] = new JsonArray([.. result["blocksUs"]!.AsArray().Select(time => (JsonNode)(1e6 * (double)time!))]);
        });

        using RunningProcess same = Compare(run, run);
        same.ExpectSuccess();
        Assert.Contains("equal: no difference beyond noise", same.Output, StringComparison.Ordinal);
        using RunningProcess worse = Compare(run, slow);
        worse.ExpectExit(4);
        Assert.EndsWith("worse\n", worse.Output, StringComparison.Ordinal);
        using RunningProcess better = Compare("-J", slow, run);
        better.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(better.Output);
        Assert.Equal("faster", document.GetProperty("overall").GetProperty("verdict").GetString());
        Assert.Equal(2, document.GetProperty("sizes").GetArrayLength());
        using RunningProcess allowed = Compare("--max-regression", "999999999999%", run, slow);
        allowed.ExpectSuccess();
    }

    [Fact]
    public void Runs_of_something_else_are_refused_by_name_unless_forced()
    {
        string run = Run("run.json", "-b 1K"), other = Run("other.json", "-b 1K -B 2K -n 3");
        using RunningProcess refused = Compare(run, other);
        refused.ExpectExit(2);
        Assert.Contains("are not of the same: the ranks (2 and 3)", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("differ; --force compares what both measured", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no such file", null, "there is no such file")]
    [InlineData("no JSON", "{", "it is no document of nperf -J")]
    [InlineData("JSON of something else", "{}", "it is no document of nperf -J")]
    public void What_is_no_document_is_refused(string name, string? text, string reason)
    {
        string file = _folder.File(name);
        if (text is not null) File.WriteAllText(file, text);
        using RunningProcess refused = Compare(file, file);
        refused.ExpectExit(2);
        Assert.Equal($"nperf: error: {file} cannot be compared: {reason}\n", refused.Errors);
    }

    [Fact]
    public void Pairs_of_ranks_are_refused_as_such()
    {
        string pairs = Run("pairs.json", "--pattern pairs -n 2 -i 1 -b 1K");
        using RunningProcess refused = Compare(pairs, pairs);
        refused.ExpectExit(2);
        Assert.Equal($"nperf: error: {pairs} cannot be compared: it has pairs of ranks, which are not compared\n", refused.Errors);
    }

    [Fact]
    public void A_document_without_what_compare_needs_is_refused()
    {
        string run = Run("run.json", "-b 1K");
        string old = Changed(run, "old.json", document => document["results"]![0]!.AsObject().Remove("blocksUs"));
        string empty = Changed(run, "empty.json", document => document["results"]!.AsArray().Add(null));

        string endless = Changed(run, "endless.json", document => document["results"]![0]!["blocksUs"]![0] = 1e300);

        using RunningProcess older = Compare(run, old);
        older.ExpectExit(2);
        Assert.Contains("has no single times to tell noise from", older.Errors, StringComparison.Ordinal);
        using RunningProcess holed = Compare(run, empty);
        holed.ExpectExit(2);
        Assert.Equal($"nperf: error: {empty} cannot be compared: it is no document of nperf -J\n", holed.Errors);
        using RunningProcess longest = Compare(run, endless);
        longest.ExpectExit(2);
        Assert.Contains("has no single times to tell noise from", longest.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_document_says_stays_in_its_line()
    {
        string run = Run("run.json", "-b 1K");
        string loud = Changed(run, "loud.json", document => document["version"] = "9\n\u001b[2J");
        using RunningProcess text = Compare(loud, run);
        text.ExpectSuccess();
        Assert.DoesNotContain('\u001b', text.Output);
        Assert.Contains("nperf 9 ?[2J\n", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_the_documents_in_it()
    {
        string run = Run("run.json", "-b 1K");
        foreach (string copy in new[] { "a.json", "b.json" }) File.Copy(run, _folder.File(copy));
        using RunningProcess compare = Compare(_folder.Path, run);
        compare.ExpectSuccess();
        Assert.StartsWith("base: 3 runs, ", compare.Output, StringComparison.Ordinal);
    }

    private static RunningProcess Compare(params string[] words) => RunningProcess.Start(NperfBinary.Path, ["compare", .. words]);

    private string Run(string name, string options)
    {
        string file = _folder.File(name);
        using RunningProcess nperf = RunningProcess.Start(NperfBinary.Path, [.. NperfBinary.Split(options), "-J", "-o", file]);
        nperf.ExpectSuccess();
        return file;
    }

    private string Changed(string file, string name, Action<JsonNode> change)
    {
        JsonNode document = JsonNode.Parse(File.ReadAllText(file))!;
        change(document);
        File.WriteAllText(_folder.File(name), document.ToJsonString());
        return _folder.File(name);
    }
}
