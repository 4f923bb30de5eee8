using System.Runtime.InteropServices;

namespace Nperf.Tests.EndToEnd;

/// <summary>The native binary on processors that it is not compiled for, as QEMU plays them.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class ProcessorTests
{
    [Theory]
    [InlineData("Nehalem", "MOVBE, XSAVE, AVX, AVX2, FMA, F16C, BMI1, BMI2, LZCNT")]
    [InlineData("Haswell,-avx2", "AVX2")]
    [InlineData("Haswell,-bmi1", "BMI1")]
    public void A_processor_that_lacks_something_is_refused_by_what_it_lacks(string processor, string missing)
    {
        using RunningProcess nperf = Start(processor, "-n 2 --backend host");
        nperf.ExpectExit(1);

        Assert.Matches(
            $"(?m)^nperf: error: this program is compiled for x86-64-v3 .*, and the processor .+ lacks {missing}; docs/troubleshooting.md says how",
            nperf.Errors);
        Assert.Empty(nperf.Output);
    }

    [Fact]
    public void The_oldest_processor_that_has_all_of_it_runs_it()
    {
        using RunningProcess nperf = Start("Haswell", "--version");
        nperf.ExpectSuccess();
    }

    private static RunningProcess Start(string processor, string arguments)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the instruction sets are those of x86-64");
        Requirements.Program("qemu-x86_64", "qemu-user");
        return RunningProcess.Start("qemu-x86_64", ["-cpu", processor, NperfBinary.NativePath(), .. NperfBinary.Split(arguments)]);
    }
}
