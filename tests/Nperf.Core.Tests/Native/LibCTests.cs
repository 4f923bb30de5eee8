using System.ComponentModel;
using Nperf.Core.Tests.Machine;
using Nperf.Native;

namespace Nperf.Core.Tests.Native;

public class LibCTests
{
    [Fact]
    public unsafe void Native_code_reads_a_variable_that_was_set_and_not_one_that_was_removed()
    {
        using var library = new StandInLibrary("""
            #include <stdlib.h>
            const char *read_variable(void) { return getenv("NPERF_OF_A_TEST"); }
            """);
        var read = (delegate* unmanaged<byte*>)DynamicLibrary.Open(library.Path).Symbol("read_variable");

        LibC.SetEnvironmentVariable("NPERF_OF_A_TEST", "first");
        LibC.SetEnvironmentVariable("NPERF_OF_A_TEST", "größer");
        Assert.Equal("größer", DynamicLibrary.Text(read()));
        LibC.SetEnvironmentVariable("NPERF_OF_A_TEST", null);
        Assert.Null(DynamicLibrary.Text(read()));
        Assert.Throws<Win32Exception>(() => LibC.SetEnvironmentVariable("A=B", "text"));
    }
}
