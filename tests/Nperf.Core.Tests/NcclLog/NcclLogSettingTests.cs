using CsCheck;
using Nperf.Core.Machine;
using Nperf.Core.NcclLog;

namespace Nperf.Core.Tests.NcclLog;

public sealed class NcclLogSettingTests
{
    private const string File = "/tmp/nperf-50%/nccl.46.log";

    [Fact]
    public void Since_2_24_the_log_goes_to_a_file_and_off_again()
    {
        NcclLogSetting setting = For(22809);

        Assert.Equal(
            [
                ("NCCL_DEBUG", "INFO"), ("NCCL_DEBUG_SUBSYS", "INIT,ENV,TUNING"),
                ("NCCL_DEBUG_FILE", "/tmp/nperf-50%%/nccl.46.log"),
            ],
            Pairs(setting.Explaining));
        Assert.Equal([("NCCL_DEBUG", null), ("NCCL_DEBUG_SUBSYS", null), ("NCCL_DEBUG_FILE", null)], Pairs(setting.Silence));
        Assert.Equal((File, true, false, null), (setting.File, setting.TellsChoices, setting.ShowsFile, setting.Remark));
    }

    [Theory]
    [InlineData(21403)]
    [InlineData(22304)]
    public void Before_it_stays_on_without_a_line_at_each_operation(int code)
    {
        NcclLogSetting setting = For(code);

        Assert.Contains(("NCCL_DEBUG_SUBSYS", "INIT,ENV"), Pairs(setting.Explaining));
        Assert.Empty(setting.Silence);
        Assert.Equal((File, false), (setting.File, setting.TellsChoices));
        Assert.Contains("cannot switch its log off", setting.Remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(22105, true)]
    [InlineData(22203, false)]
    public void A_version_that_prints_a_line_anyway_stays_silent_for_the_document(int code, bool silent)
    {
        NcclLogSetting setting = For(code, taken: true);

        Assert.Equal(silent, setting.Explaining.Count == 0);
        Assert.Equal(silent, setting.File is null);
        Assert.NotNull(setting.Remark);
    }

    [Theory]
    [InlineData("WARN")]
    [InlineData("version")]
    public void What_is_below_information_is_put_back(string level)
    {
        NcclLogSetting setting = For(22809, variables: [("NCCL_DEBUG", level), ("NCCL_DEBUG_FILE", "/x/%h")]);

        Assert.Contains(("NCCL_DEBUG", "INFO"), Pairs(setting.Explaining));
        Assert.Equal([("NCCL_DEBUG", level), ("NCCL_DEBUG_SUBSYS", null), ("NCCL_DEBUG_FILE", "/x/%h")], Pairs(setting.Silence));
        NcclLogSetting older = For(22304, variables: [("NCCL_DEBUG", level)]);
        Assert.Empty(older.Explaining);
        Assert.Null(older.File);
        Assert.NotNull(older.Remark);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NONE")]
    public void A_level_that_NCCL_does_not_know_is_unset(string level) =>
        Assert.Contains(("NCCL_DEBUG", null), Pairs(For(22809, variables: [("NCCL_DEBUG", level)]).Silence));

    [Theory]
    [InlineData("INFO", null, null, false)]
    [InlineData("TRACE", "/x/log", null, false)]
    [InlineData("info", "/x/log", "INIT,tuning", true)]
    [InlineData("INFO", "/x/log", "all", true)]
    [InlineData("INFO", "/x/log", "^GRAPH", true)]
    [InlineData("INFO", "/x/log", "^TUNING", false)]
    [InlineData("INFO", "/x/log", "INIT", false)]
    public void The_user_s_own_log_is_left_alone(string level, string? file, string? subsystems, bool tellsChoices)
    {
        NcclLogSetting setting = For(
            22809, variables: [("NCCL_DEBUG", level), ("NCCL_DEBUG_FILE", file), ("NCCL_DEBUG_SUBSYS", subsystems)]);

        Assert.Empty(setting.Explaining);
        Assert.Empty(setting.Silence);
        Assert.Equal((file, tellsChoices, false), (setting.File, setting.TellsChoices, setting.ShowsFile));
        Assert.NotNull(setting.Remark);
    }

    [Theory]
    [InlineData("/dev/stderr")]
    [InlineData("/dev/stdout")]
    public void A_log_that_goes_to_the_terminal_is_not_read(string file)
    {
        NcclLogSetting setting = For(22809, variables: [("NCCL_DEBUG", "INFO"), ("NCCL_DEBUG_FILE", file)]);

        Assert.Equal((null, false), (setting.File, setting.TellsChoices));
        Assert.Contains("goes to the terminal", setting.Remark, StringComparison.Ordinal);
        Assert.Contains(
            ("NCCL_DEBUG_FILE", file),
            Pairs(For(22809, variables: [("NCCL_DEBUG", "WARN"), ("NCCL_DEBUG_FILE", file)]).Silence));
    }

    [Fact]
    public void Debug_shows_the_log_or_writes_it_where_the_user_wants_it()
    {
        Assert.True(For(22809, debug: true).ShowsFile);

        NcclLogSetting setting = For(22809, debug: true, variables: [("NCCL_DEBUG_FILE", "/x/%%-%p"), ("NCCL_DEBUG", "WARN")]);
        Assert.Equal([("NCCL_DEBUG", "INFO")], Pairs(setting.Explaining));
        Assert.Equal(($"/x/%-{Environment.ProcessId}", false), (setting.File, setting.ShowsFile));
        Assert.Empty(setting.Silence);
    }

    [Theory]
    [InlineData(22304, false)]
    [InlineData(22403, true)]
    [InlineData(30001, true)]
    public void The_log_can_be_switched_off_since_2_24(int code, bool can) =>
        Assert.Equal(can, NcclLogSetting.HasLogReset(NcclVersion.FromCode(code)));

    [Theory]
    [InlineData("/x/%h.%p.log", "/x/node1.46.log")]
    [InlineData("%%%q%", "%%q%")]
    [InlineData("plain", "plain")]
    public void A_file_s_name_is_read_as_NCCL_does(string value, string path) =>
        Assert.Equal(path, NcclLogFile.Path(value, "node1.example.org", 46));

    [Fact]
    public void A_path_comes_back_from_its_value() =>
        Gen.String.Sample(path => NcclLogFile.Path(NcclLogFile.Value(path), "h", 1) == path);

    private static NcclLogSetting For(
        int code, bool debug = false, bool taken = false, (string Name, string? Value)[]? variables = null)
    {
        NcclVersion version = NcclVersion.FromCode(code);
        var request = new NcclLogRequest(version, File)
        {
            HasReset = NcclLogSetting.HasLogReset(version),
            Debug = debug,
            StandardOutputIsTaken = taken,
        };
        return NcclLogSetting.For(request, name => (variables ?? []).FirstOrDefault(one => one.Name == name).Value);
    }

    private static IEnumerable<(string, string?)> Pairs<T>(IEnumerable<KeyValuePair<string, T>> variables)
        where T : class? => variables.Select(one => (one.Key, (string?)(object?)one.Value));
}
