using System.Text;
using Nperf.Native;

namespace Nperf.Core.Tests.Native;

/// <summary>
/// C that compiles against nccl.h, cuda.h and nvml.h exactly where the bindings agree with them. WITHOUT_NCCL,
/// WITHOUT_CUDA and WITHOUT_NVML leave a header out.
/// </summary>
internal static class AbiSource
{
    public const string File = "tests/native-abi/abi.c";

    public static string Text()
    {
        var text = new StringBuilder("""
            // Written by a test, AbiTests, from the bindings in src/Nperf.Native: do not edit. Where they agree with the
            // headers of NCCL, the CUDA driver and NVML, it compiles; -DWITHOUT_NCCL and the like leave one out:
            //     gcc -fsyntax-only -w -I /usr/local/cuda/include tests/native-abi/abi.c
            #include <limits.h>
            #include <stddef.h>

            """);
        text.Append("\n#ifndef WITHOUT_NCCL\n// Newer headers ask for it.\n#define NCCL_OS_LINUX\n#include <nccl.h>\n");
        foreach ((string name, long value, int since) in NcclDeclarations.Numbers)
            text.Append(Since(since, Number(name, value)));
        foreach ((int since, int before, int bytes) in NcclDeclarations.ConfigSizes())
        {
            string rows = before == int.MaxValue
                ? $"#if NCCL_VERSION_CODE >= {since}\n_Static_assert(sizeof(ncclConfig_t) >= {bytes}, \"its size\");\n#endif\n"
                : $"#if NCCL_VERSION_CODE >= {since} && NCCL_VERSION_CODE < {before}\n"
                    + $"{Number("sizeof(ncclConfig_t)", bytes)}#endif\n";
            text.Append(rows);
        }

        foreach (Declaration function in NcclDeclarations.Functions)
            text.Append(Since(function.Since, function.Checks(typeof(Nccl))));
        text.Append("#endif\n\n#ifndef WITHOUT_CUDA\n#include <cuda.h>\n");
        foreach ((string name, long value) in CudaDeclarations.Numbers) text.Append(Number(name, value));
        foreach (Declaration function in CudaDeclarations.Functions) text.Append(function.Checks(typeof(Cuda)));
        text.Append("#endif\n\n#ifndef WITHOUT_NVML\n#include <nvml.h>\n");
        foreach ((string name, long value) in NvmlDeclarations.Numbers) text.Append(Number(name, value));
        foreach (Declaration function in NvmlDeclarations.Functions) text.Append(function.Checks(typeof(Nvml)));
        return text.Append("#endif\n").ToString();
    }

    // The least int has no literal in C.
    private static string Number(string name, long value) =>
        $"_Static_assert({name} == {(value == int.MinValue ? "INT_MIN" : value)}, \"{name}\");\n";

    private static string Since(int version, string text) =>
        version == 0 ? text : $"#if NCCL_VERSION_CODE >= {version}\n{text}#endif\n";
}
