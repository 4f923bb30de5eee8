using System.Diagnostics;
using System.Reflection;
using Nperf.Core.Tests.Machine;
using Nperf.Native;
using Nperf.Testing;

namespace Nperf.Core.Tests.Native;

/// <summary>The bindings against the headers of the MPI libraries, where these are installed.</summary>
public class MpiAbiTests
{
    private static readonly Declaration[] All = [.. MpiDeclarations.Functions, MpiDeclarations.AbiVersion];

    [Fact]
    public void The_C_source_that_checks_the_bindings_is_up_to_date()
    {
        string file = Path.Combine(Checkout.Folder, MpiAbiSource.File);
        string text = MpiAbiSource.Text();
        bool same = File.Exists(file) && File.ReadAllText(file) == text;
        if (!same) File.WriteAllText(file, text);
        Assert.True(same, $"{MpiAbiSource.File} did not fit the bindings; it has been written anew, to be committed");
    }

    [Theory]
    [InlineData("Open MPI", "/usr/lib/x86_64-linux-gnu/openmpi/include", "/usr/lib/aarch64-linux-gnu/openmpi/include")]
    [InlineData("MPICH", "/usr/include/x86_64-linux-gnu/mpich", "/usr/include/aarch64-linux-gnu/mpich")]
    public void The_bindings_agree_with_the_header(string library, params string[] folders)
    {
        Assert.SkipUnless(StandInLibrary.HasCompiler, "gcc is not installed");
        string? folder = folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "mpi.h")));
        Assert.SkipWhen(folder is null, $"there is no mpi.h of {library} in any of {string.Join(", ", folders)}");
        string file = Path.Combine(Checkout.Folder, MpiAbiSource.File);
        using var gcc = Process.Start("gcc", ["-fsyntax-only", "-w", "-I", folder!, file]);
        Assert.True(gcc.WaitForExit(TimeSpan.FromSeconds(120)), "gcc takes too long");
        Assert.Equal(0, gcc.ExitCode);
    }

    [Fact]
    public void Every_handle_has_a_row_of_its_own()
    {
        Assert.Equal(
            Enum.GetValues<MpiHandle>().Select(handle => $"MPI_{handle}".ToUpperInvariant().Replace("_", "")),
            MpiHandles.Rows.Select(row => row.Name.EndsWith("_T", StringComparison.Ordinal) ? row.Name[..^2] : row.Name)
                .Select(name => name.Replace("_", "").ToUpperInvariant()));
        Assert.Equal(MpiHandles.Rows.Length, MpiHandles.Rows.Select(row => row.Variable).Distinct().Count());
        Assert.Equal(MpiHandles.Rows.Length, MpiHandles.Rows.Select(row => row.Mpich).Distinct().Count());
        Assert.Equal(MpiHandles.Rows.Length, MpiHandles.Rows.Select(row => row.Standard).Distinct().Count());
    }

    /// <summary>A binding that takes one function for another would agree with the headers all the same.</summary>
    [Fact]
    public void Every_function_is_looked_up_by_the_name_it_is_declared_with()
    {
        using var file = new StandInLibrary(
            string.Concat(MpiDeclarations.Functions.Select(f => $"long {f.Symbol}(void) {{ return 0; }}\n"))
                + "int MPI_Abi_get_version(int *major, int *minor) { *major = 1; *minor = 0; return 0; }\n");
        DynamicLibrary library = DynamicLibrary.Open(file.Path);
        var mpi = new Mpi(library);
        mpi.RequireAll();

        FieldInfo[] fields = Declaration.Functions(typeof(Mpi));
        Assert.Equal(fields.Select(field => field.Name).Order(), All.Select(function => function.Field).Order());
        foreach (Declaration function in All)
        {
            object? address = fields.Single(field => field.Name == function.Field).GetValue(mpi);
            Assert.Equal((function.Symbol, library.Symbol(function.Symbol)), (function.Symbol, Assert.IsType<nint>(address)));
        }
    }
}
