using System.Text;
using Nperf.Core.Tests.Machine;
using Nperf.Native;

namespace Nperf.Core.Tests.Native;

/// <summary>C that compiles against an mpi.h, of whichever library, exactly where the bindings agree with it.</summary>
internal static class MpiAbiSource
{
    public const string File = "tests/native-abi/mpi.c";

    public static string Text()
    {
        var text = new StringBuilder($"""
            // Written by a test, MpiAbiTests, from the bindings in src/Nperf.Native: do not edit. Where they agree with an
            // mpi.h, of Open MPI, of MPICH or of the standard's binary interface, it compiles:
            //     gcc -fsyntax-only -w -I DIR tests/native-abi/mpi.c
            #include <stddef.h>
            #include <mpi.h>

            _Static_assert(MPI_SUCCESS == 0, "MPI_SUCCESS");
            _Static_assert(MPI_MAX_LIBRARY_VERSION_STRING <= {Mpi.VersionTextBytes}, "MPI_MAX_LIBRARY_VERSION_STRING");
            _Static_assert(MPI_MAX_ERROR_STRING <= {Mpi.ErrorTextBytes}, "MPI_MAX_ERROR_STRING");

            """);
        foreach (Declaration function in MpiDeclarations.Functions) text.Append(function.Checks(typeof(Mpi)));
        text.Append("#if MPI_VERSION >= 5\n").Append(MpiDeclarations.AbiVersion.Checks(typeof(Mpi))).Append("#endif\n");
        // Only Open MPI's handles are variables, which are not looked up here.
        using var openMpi = new StandInLibrary(
            string.Concat(MpiHandles.Rows.Select(row => $"int {row.Variable};\n")));
        DynamicLibrary library = DynamicLibrary.Open(openMpi.Path);
        text.Append("\n#if defined(OPEN_MPI)\n");
        foreach ((string name, string variable, _, _) in MpiHandles.Rows)
            text.Append($"_Static_assert((void *){name} == (void *)&{variable}, \"{name}\");\n");
        Numbers(text, MpiHandles.Of(MpiFlavor.OpenMpi, library));
        text.Append("#elif defined(MPICH_VERSION)\n");
        Values(text, MpiFlavor.Mpich, library);
        text.Append("#elif defined(MPI_ABI_VERSION) && MPI_VERSION >= 5\n");
        Values(text, MpiFlavor.Standard, library);
        return text.Append("#else\n#error this is the header of another MPI\n#endif\n").ToString();
    }

    private static void Values(StringBuilder text, MpiFlavor flavor, DynamicLibrary library)
    {
        MpiHandles handles = MpiHandles.Of(flavor, library);
        for (int i = 0; i < MpiHandles.Rows.Length; i++)
        {
            string name = MpiHandles.Rows[i].Name;
            text.Append($"_Static_assert((size_t){name} == {handles[(MpiHandle)i]}, \"{name}\");\n");
        }

        Numbers(text, handles);
    }

    private static void Numbers(StringBuilder text, MpiHandles handles)
    {
        foreach ((string name, long value) in MpiDeclarations.Numbers(handles))
            text.Append($"_Static_assert({name} == {value}, \"{name}\");\n");
    }
}
