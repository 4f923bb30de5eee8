using System.Diagnostics;
using System.Reflection;
using Nperf.Core.Tests.Machine;
using Nperf.Native;
using Nperf.Testing;

namespace Nperf.Core.Tests.Native;

/// <summary>The bindings against the headers of what they bind, where these are installed.</summary>
public class AbiTests
{
    private static readonly string[] Parts = ["NCCL", "CUDA", "NVML"];

    [Fact]
    public void The_C_source_that_checks_the_bindings_is_up_to_date()
    {
        string file = Path.Combine(Checkout.Folder, AbiSource.File);
        string text = AbiSource.Text();
        bool same = File.Exists(file) && File.ReadAllText(file) == text;
        if (!same) File.WriteAllText(file, text);
        Assert.True(same, $"{AbiSource.File} did not fit the bindings; it has been written anew, to be committed");
    }

    [Theory]
    [InlineData("NCCL", "nccl.h", "cuda_runtime.h")]
    [InlineData("CUDA", "cuda.h")]
    [InlineData("NVML", "nvml.h")]
    public void The_bindings_agree_with_the_header(string part, params string[] headers)
    {
        Assert.SkipUnless(StandInLibrary.HasCompiler, "gcc is not installed");
        var arguments = new List<string> { "-fsyntax-only", "-w" };
        foreach (string header in headers)
        {
            string? folder = Folders().FirstOrDefault(folder => File.Exists(Path.Combine(folder, header)));
            Assert.SkipWhen(folder is null, $"there is no {header} in any of {string.Join(", ", Folders())}");
            // The compiler looks there anyway, and must not look there first.
            if (folder != "/usr/include") arguments.AddRange(["-I", folder!]);
        }

        arguments.AddRange(Parts.Where(other => other != part).Select(other => $"-DWITHOUT_{other}"));
        using var gcc = Process.Start("gcc", [.. arguments, Path.Combine(Checkout.Folder, AbiSource.File)]);
        Assert.True(gcc.WaitForExit(TimeSpan.FromSeconds(300)), "gcc takes too long");
        Assert.Equal(0, gcc.ExitCode);
    }

    /// <summary>A binding that takes one function for another would agree with the headers all the same.</summary>
    [Fact]
    public void Every_function_is_looked_up_by_the_name_it_is_declared_with()
    {
        Declaration[] all = [.. CudaDeclarations.Functions, .. NcclDeclarations.Functions, .. NvmlDeclarations.Functions];
        using var library = new StandInLibrary(
            string.Concat(all.Where(f => f.Symbol != "ncclGetVersion").Select(f => $"long {f.Symbol}(void) {{ return 0; }}\n"))
                + "int ncclGetVersion(int *version) { *version = 22809; return 0; }\n");
        DynamicLibrary opened = DynamicLibrary.Open(library.Path);
        var cuda = new Cuda(opened);
        cuda.RequireAll();
        var nccl = new Nccl(opened);
        nccl.RequireAll();

        AreLookedUp(cuda, CudaDeclarations.Functions, opened);
        AreLookedUp(nccl, NcclDeclarations.Functions, opened);
        AreLookedUp(new Nvml(opened), NvmlDeclarations.Functions, opened);
        Assert.True(nccl.HasAllToAll && nccl.HasMemAlloc && nccl.HasRegister && nccl.HasWindows && nccl.HasLogReset);
    }

    private static void AreLookedUp(object binding, Declaration[] functions, DynamicLibrary library)
    {
        FieldInfo[] fields = Declaration.Functions(binding.GetType());
        Assert.Equal(fields.Select(field => field.Name).Order(), functions.Select(function => function.Field).Order());
        foreach (Declaration function in functions)
        {
            object? address = fields.Single(field => field.Name == function.Field).GetValue(binding);
            Assert.Equal((function.Symbol, library.Symbol(function.Symbol)), (function.Symbol, Assert.IsType<nint>(address)));
        }
    }

    private static IEnumerable<string> Folders() =>
        new[] { Home("NCCL_HOME"), Home("CUDA_HOME"), "/usr/local/cuda/include", "/usr/include" }.OfType<string>();

    private static string? Home(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } home ? Path.Combine(home, "include") : null;
}
