using System.Text;
using System.Text.Json;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Options;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OutputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nperf-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_document_appears_whole_and_leaves_nothing_beside_it()
    {
        DocumentWriter.Write(Documents.Complete(Documents.Size()), In("results.json"));

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(In("results.json")));
        Assert.Equal(1048576, document.RootElement.GetProperty("results")[0].GetProperty("bytes").GetInt64());
        Assert.Equal([In("results.json")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Until_the_end_the_file_of_an_earlier_run_stays()
    {
        File.WriteAllText(In("f"), "earlier");
        using (OutputFile file = OutputFile.Create(In("f")))
        {
            file.Stream.Write("half"u8);
            Assert.Equal("earlier", File.ReadAllText(In("f")));
        }

        Assert.Equal("earlier", File.ReadAllText(In("f")));
        Assert.Equal([In("f")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_committed_file_replaces_the_earlier_one_and_keeps_its_permissions()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        File.WriteAllText(In("f"), "a longer text from an earlier run");
        File.SetUnixFileMode(In("f"), Mode);
        Write(In("f"), "new");

        Assert.Equal("new", File.ReadAllText(In("f")));
        Assert.Equal(Mode, File.GetUnixFileMode(In("f")));
    }

    [Fact]
    public void A_link_stays_a_link_and_what_it_leads_to_is_replaced()
    {
        File.WriteAllText(In("target"), "earlier");
        File.CreateSymbolicLink(In("link"), In("target"));
        Write(In("link"), "new");

        Assert.Equal("new", File.ReadAllText(In("target")));
        Assert.Equal(In("target"), new FileInfo(In("link")).LinkTarget);
    }

    [Fact]
    public void A_full_disk_is_a_failure_in_one_line()
    {
        RunException failure = Assert.Throws<RunException>(
            () => DocumentWriter.Write(Documents.Complete(), "/dev/full"));

        Assert.Equal("cannot write to /dev/full: No space left on device", failure.Message);
        Assert.Equal(FailureKind.Error, failure.Failure.Kind);
    }

    [Fact]
    public void Devices_are_written_to_and_not_replaced()
    {
        DocumentWriter.Write(Documents.Complete(), "/dev/null");

        Assert.Equal(Nperf.Native.PathKind.Special, Nperf.Native.PathInfo.KindOf("/dev/null"));
    }

    [Fact]
    public async Task A_pipe_gets_the_document()
    {
        string pipe = In("pipe");
        Assert.Equal(0, await Run("mkfifo", pipe));
        Task<string> reader = Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken);
        DocumentWriter.Write(Documents.Complete(), pipe);

        Assert.EndsWith("}\n", await reader.WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken));
        Assert.Equal(Nperf.Native.PathKind.Special, Nperf.Native.PathInfo.KindOf(pipe));
    }

    [Fact]
    public void What_cannot_work_is_found_before_the_run()
    {
        File.WriteAllText(In("file"), "");
        Assert.Equal(
            $"cannot write to {In("missing/f")}: there is no directory {In("missing")}", Problem(In("missing/f")));
        Assert.Equal($"cannot write to {_folder}: it is a directory; name a file", Problem(_folder));
        Assert.Equal($"cannot write to {In("file/f")}: {In("file")} is no directory", Problem(In("file/f")));
        Assert.StartsWith($"cannot write to {In("missing")}/: ", Problem(In("missing") + "/"));
    }

    [Fact]
    public void A_directory_and_a_file_without_permission_are_found_before_the_run()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root may write everywhere");
        File.WriteAllText(In("f"), "");
        File.SetUnixFileMode(In("f"), UnixFileMode.UserRead);
        Assert.Equal($"cannot write to {In("f")}: Permission denied", Problem(In("f")));
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Equal($"cannot write to {In("g")}: directory {_folder}: Permission denied", Problem(In("g")));
        }
        finally
        {
            File.SetUnixFileMode(
                _folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Theory]
    [InlineData("/dev/stdout")]
    [InlineData("/dev/stderr")]
    [InlineData("/dev/full")]
    [InlineData("/dev/null")]
    public void Devices_and_standard_streams_pass(string path)
    {
        OutputFile.Check(path);
    }

    [Fact]
    public void A_table_whose_file_cannot_be_written_fails_the_run()
    {
        var command = new ConsoleOptions { Output = "/dev/full" };
        using var report = new Report(command, new ProcessOptions(), new RunProgress());
        RunException failure = Assert.Throws<RunException>(
            () => report.Observer.SectionStarted(new Section("allreduce", "float32", "sum", null, 1)));

        Assert.Equal("cannot write to /dev/full: No space left on device", failure.Message);
    }

    [Fact]
    public void A_link_to_nowhere_is_filled()
    {
        File.CreateSymbolicLink(In("link"), In("target"));
        Write(In("link"), "new");

        Assert.Equal("new", File.ReadAllText(In("target")));
    }

    [Fact]
    public void A_table_in_a_file_is_whole_too()
    {
        var command = new ConsoleOptions { Output = In("table") };
        using (var report = new Report(command, new ProcessOptions(), new RunProgress()))
        {
            report.Observer.SectionStarted(new Section("allreduce", "float32", "sum", null, 1));
            report.Observer.SizeFinished(Documents.Size());
            Assert.False(File.Exists(In("table")));
            report.Finish(Documents.Complete(), null);
        }

        Assert.Contains("1048576", File.ReadAllText(In("table")));
        Assert.Equal([In("table")], Directory.GetFileSystemEntries(_folder));
    }

    private static string Problem(string path) => Assert.Throws<RunException>(() => OutputFile.Check(path)).Message;

    private static void Write(string path, string text)
    {
        using OutputFile file = OutputFile.Create(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Commit();
    }

    private static async Task<int> Run(string program, string argument)
    {
        using var process = System.Diagnostics.Process.Start(program, [argument]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(120));
        return process.ExitCode;
    }

    private string In(string name) => Path.Combine(_folder, name);
}
