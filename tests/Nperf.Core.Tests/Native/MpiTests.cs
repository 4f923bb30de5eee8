using Nperf.Core.Tests.Machine;
using Nperf.Native;

namespace Nperf.Core.Tests.Native;

public class MpiTests
{
    // What tells one kind of library from another, without any that works.
    private const string Common = """
        #include <string.h>
        int MPI_Get_library_version(char *text, int *length) { strcpy(text, NAME); *length = strlen(NAME); return 0; }
        int MPI_Get_version(int *version, int *subversion) { *version = VERSION; *subversion = 0; return 0; }
        int MPI_Error_string(int code, char *text, int *length) {
            strcpy(text, code == 5 ? "MPI_ERR_COMM: invalid\n communicator" : "another");
            *length = strlen(text);
            return 0;
        }

        """;

    private static readonly string Variables =
        string.Concat(MpiHandles.Rows.Select(row => $"int {row.Variable};\n"));

    [Fact]
    public void Open_MPI_is_known_by_its_variables_whose_addresses_are_its_handles()
    {
        using var file = Made("Open MPI v5.0.8", 3, Variables);
        DynamicLibrary library = DynamicLibrary.Open(file.Path);
        var mpi = new Mpi(library);
        Assert.Equal((MpiFlavor.OpenMpi, "Open MPI v5.0.8"), (mpi.Flavor, mpi.LibraryVersion));
        Assert.Equal((nuint)library.Symbol("ompi_mpi_float"), mpi.Handles[MpiHandle.Float]);
    }

    [Fact]
    public void MPICH_and_its_relatives_are_known_by_a_function_that_they_share()
    {
        using var file = Made("MVAPICH Version: 3.0", 4, "int MPIR_Dup_fn(void) { return 0; }\n" + Abi(-1));
        var mpi = new Mpi(DynamicLibrary.Open(file.Path));
        Assert.Equal((MpiFlavor.Mpich, (nuint)0x44000000), (mpi.Flavor, mpi.Handles[MpiHandle.CommWorld]));
    }

    [Theory]
    [InlineData("Open MPI v6.0.0", 4)]
    [InlineData("MPICH Version: 5.0.1", 5)]
    public void The_standard_interface_is_known_by_its_version_whatever_is_behind_it(string name, int version)
    {
        using var file = Made(name, version, Variables + "int MPIR_Dup_fn(void) { return 0; }\n" + Abi(1));
        var mpi = new Mpi(DynamicLibrary.Open(file.Path));
        Assert.Equal((MpiFlavor.Standard, (nuint)0x101), (mpi.Flavor, mpi.Handles[MpiHandle.CommWorld]));
    }

    [Theory]
    [InlineData("MPICH Version: 4.3.0", 1, "it has a draft of the standard binary interface, of MPI 4.0; it came with 5.0")]
    [InlineData(
        "Some MPI\\n2", -1,
        "it is neither Open MPI nor MPICH and does not have the standard binary interface: Some MPI 2")]
    public void A_library_of_a_kind_that_nperf_does_not_know_is_refused_by_name(string name, int abi, string message)
    {
        using var file = Made(name, 4, Abi(abi));
        Assert.Equal(message, Assert.Throws<LibraryException>(() => new Mpi(DynamicLibrary.Open(file.Path))).Message);
    }

    [Fact]
    public void A_failure_names_the_call_and_has_the_text_and_the_number_in_one_line()
    {
        string others = string.Concat(MpiDeclarations.Functions
            .Where(f => !Common.Contains(f.Symbol, StringComparison.Ordinal))
            .Select(f => $"long {f.Symbol}(void) {{ return 5; }}\n"));
        using var file = Made("MPICH Version: 4.0.2", 4, others + "int MPIR_Dup_fn(void) { return 0; }\n");
        var mpi = new Mpi(DynamicLibrary.Open(file.Path));
        mpi.RequireAll();
        Assert.Equal(
            "MPI_Comm_dup failed: MPI_ERR_COMM: invalid communicator (5)",
            Assert.Throws<LibraryException>(() => mpi.Duplicate(0)).Message);
    }

    /// <summary>MPICH's requests are half as wide as those that callers have.</summary>
    [Fact]
    public void Requests_are_waited_for_together_whatever_their_width()
    {
        string others = string.Concat(MpiDeclarations.Functions
            .Where(f => f.Symbol != "MPI_Waitall" && !Common.Contains(f.Symbol, StringComparison.Ordinal))
            .Select(f => $"long {f.Symbol}(void) {{ return 0; }}\n"));
        using var file = Made("MPICH Version: 4.0.2", 4, others + """
            int MPIR_Dup_fn(void) { return 0; }
            int MPI_Waitall(int count, int *requests, void *statuses) {
                return count == 3 && requests[0] == -1 && requests[1] == 2 && requests[2] == 3 ? 0 : 5;
            }

            """);
        var mpi = new Mpi(DynamicLibrary.Open(file.Path));
        mpi.RequireAll();
        nuint[] requests = [0xffffffff, 2, 3];
        mpi.WaitAll(requests);
        Assert.All(requests, request => Assert.Equal((nuint)0x2c000000, request));
    }

    private static string Abi(int major) =>
        $"int MPI_Abi_get_version(int *major, int *minor) {{ *major = {major}; *minor = 0; return 0; }}\n";

    private static StandInLibrary Made(string name, int version, string rest) =>
        new($"#define NAME \"{name}\"\n#define VERSION {version}\n{Common}{rest}");
}
