using Nperf.Core.Machine;
using Nperf.Core.MpiMode;
using Nperf.Native;

namespace Nperf.Core.Tests.Machine;

public class MpiSearchTests
{
    [Theory]
    [InlineData(null, "libmpi.so.40", "libmpi.so.12")]
    [InlineData("OpenMpi", "libmpi.so.40", "libmpi.so.12")]
    [InlineData("Mpich", "libmpi.so.12", "libmpich.so.12")]
    public void The_launchers_library_comes_first(string? flavor, string first, string second)
    {
        MpiFlavor? wanted = flavor is null ? null : Enum.Parse<MpiFlavor>(flavor);
        IReadOnlyList<string> names = MpiSearch.Names(new MpiLauncher(wanted, null));
        Assert.Equal([first, second], names.Take(2));
        Assert.Equal(
            ["libmpi.so.12", "libmpi.so.40", "libmpi_abi.so.0", "libmpi_abi.so.1", "libmpich.so.12"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_installation_is_found_by_its_variable_or_beside_its_mpirun_before_the_loaders()
    {
        string folder = Directory.CreateTempSubdirectory("nperf test ").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "bin"));
            File.WriteAllText(Path.Combine(folder, "bin", "mpirun"), "");
            var variables = new Dictionary<string, string> { ["MPI_HOME"] = "/opt/mpi", ["PATH"] = $"/nowhere:{folder}/bin" };
            Assert.Equal(
                ["/opt/mpi/lib/libmpi.so.12", $"{folder}/lib/libmpi.so.12", $"{folder}/lib64/libmpi.so.12", "libmpi.so.12"],
                MpiSearch.Places("libmpi.so.12", variables.GetValueOrDefault));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Where_there_is_none_every_place_is_named_with_what_was_wrong()
    {
        using var other = new StandInLibrary("int nothing_of_mpi(void) { return 0; }");
        var failure = Assert.Throws<RunException>(() => MpiSearch.Open(["/nowhere/libmpi.so.40", other.Path], "do something"));
        Assert.Equal(
            $"no MPI library can be used: /nowhere/libmpi.so.40: not there; {other.Path}: there is no symbol "
            + "MPI_Get_library_version in it; do something",
            failure.Message);
    }

    [Theory]
    [InlineData("libmpi.so.40", "OpenMpi", "Open MPI ")]
    [InlineData("libmpich.so.12", "Mpich", "MPICH ")]
    public void Real_libraries_are_told_apart(string name, string flavor, string begin)
    {
        MpiLibrary library = MpiLibrary.LookForAll().Single(library => library.Name == name);
        Assert.SkipWhen(library.LibraryPath is null, $"there is no {name}: {library.Problem}");
        Assert.StartsWith(begin, library.Version, StringComparison.Ordinal);
        Assert.Equal(Enum.Parse<MpiFlavor>(flavor), MpiSearch.Load(library.LibraryPath!).Flavor);
    }
}
