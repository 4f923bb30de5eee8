using Nperf.Core.Machine;

namespace Nperf.Core.Tests.Machine;

public class NcclLibraryTests
{
    private const string InPackages = "nvidia/nccl/lib/libnccl.so.2";

    private const string Good = """
        int ncclGetVersion(int *version) { *version = 22809; return 0; }
        const char *ncclGetErrorString(int status) { return "no error"; }
        """;

    private const string Failing = """
        int ncclGetVersion(int *version) { return 3; }
        const char *ncclGetErrorString(int status) { return status == 3 ? "the stand-in's own text" : "another"; }
        """;

    private const string WithoutVersion = """
        const char *ncclGetErrorString(int status) { return "no error"; }
        """;

    [Fact]
    public void One_that_is_named_is_taken_and_tells_its_version()
    {
        using var library = new StandInLibrary(Good);

        NcclLibrary found = NcclLibrary.Look(library.Path);

        Assert.Equal(library.Path, found.LibraryPath);
        Assert.Equal("2.28.9", found.Version.ToString());
        Assert.Equal([new PlaceLookedIn(library.Path, "taken")], found.LookedIn);
    }

    [Fact]
    public void The_path_is_that_of_the_file_behind_a_link()
    {
        using var library = new StandInLibrary(Good);
        string link = Path.Combine(library.Folder, "libnccl.so.2");
        File.CreateSymbolicLink(link, library.Path);

        Assert.Equal(library.Path, NcclLibrary.Look(link).LibraryPath);
    }

    [Fact]
    public void A_status_that_is_an_error_names_the_call_and_the_librarys_text()
    {
        using var library = new StandInLibrary(Failing);
        Rejects(library.Path, "ncclGetVersion failed: the stand-in's own text (3)");
    }

    [Fact]
    public void A_missing_symbol_is_named()
    {
        using var library = new StandInLibrary(WithoutVersion);
        Rejects(library.Path, "there is no symbol ncclGetVersion in it");
    }

    [Fact]
    public void A_file_that_is_no_library_is_rejected_in_the_loaders_words()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "not a library, though long enough to hold the beginning of one, which is 64 bytes");
            NcclLibrary found = NcclLibrary.Look(file);
            Assert.Null(found.LibraryPath);
            Assert.NotEmpty(Assert.Single(found.LookedIn).Outcome);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_name_without_a_folder_is_a_file_here_and_never_searched_for() =>
        Rejects("libnccl.so.2", "not there", Path.Combine(Directory.GetCurrentDirectory(), "libnccl.so.2"));

    [Fact]
    public void One_that_cannot_be_used_is_passed_over_for_the_next()
    {
        using var bad = new StandInLibrary(Failing);
        using var good = new StandInLibrary(Good);

        NcclLibrary found = NcclLibrary.Look(["/nowhere/libnccl.so.2", bad.Path, good.Path, "/never/looked/at"]);

        Assert.Equal(good.Path, found.LibraryPath);
        Assert.Equal(["/nowhere/libnccl.so.2", bad.Path, good.Path], found.LookedIn.Select(looked => looked.Place));
        Assert.Equal("not there", found.LookedIn[0].Outcome);
    }

    [Fact]
    public void Places_are_named_by_variables_first_then_the_loader_then_environments_of_python()
    {
        using var folder = new StandInLibrary(Good, $"lib/python3.12/site-packages/{InPackages}");
        string older = Path.Combine(folder.Folder, "lib/python3.9/site-packages", InPackages);
        Directory.CreateDirectory(Path.GetDirectoryName(older)!);
        File.Copy(folder.Path, older);
        var variables = new Dictionary<string, string>
        {
            ["NCCL_HOME"] = "/opt/nccl",
            ["VIRTUAL_ENV"] = folder.Folder,
            ["CONDA_PREFIX"] = "/nowhere/conda",
            ["PATH"] = "",
        };

        string[] places = [.. NcclSearch.Places(variables.GetValueOrDefault)];

        Assert.Equal(
            [
                "/opt/nccl/lib/libnccl.so.2", "libnccl.so.2", folder.Path, older,
                $"/nowhere/conda/lib/python3*/site-packages/{InPackages}",
            ],
            places[..5]);
        Assert.Equal(places.Distinct(), places);
    }

    [Fact]
    public void The_python3_of_the_search_path_shows_where_its_packages_are()
    {
        using var folder = new StandInLibrary(Good, $"lib/python3.12/site-packages/{InPackages}");
        string programs = Directory.CreateDirectory(Path.Combine(folder.Folder, "bin")).FullName;
        File.WriteAllText(Path.Combine(programs, "python3"), "");

        IEnumerable<string> places = NcclSearch.Places(name => name == "PATH" ? $"/nowhere/bin:{programs}" : null);

        Assert.Equal(["libnccl.so.2", folder.Path], places.Take(2));
    }

    private static void Rejects(string named, string outcome, string? place = null)
    {
        NcclLibrary found = NcclLibrary.Look(named);
        Assert.Null(found.LibraryPath);
        Assert.Null(found.Version);
        PlaceLookedIn looked = Assert.Single(found.LookedIn);
        Assert.Equal(place ?? named, looked.Place);
        Assert.Contains(outcome, looked.Outcome, StringComparison.Ordinal);
    }
}
