using System.Reflection;
using System.Runtime.InteropServices;

namespace Nperf.Core.Tests.Native;

/// <summary>
/// What a header says of a function, beside the field of a binding that calls it: <paramref name="C"/> is a declaration
/// without names of parameters. The header has it since version code <paramref name="Since"/>.
/// </summary>
internal sealed record Declaration(string Field, string C, int Since = 0)
{
    public string Symbol => Result.Split(' ')[^1];

    private string Result => C[..C.IndexOf('(', StringComparison.Ordinal)];

    private string ResultType => Result[..^Symbol.Length].TrimEnd();

    private string[] Parameters =>
        C[(Result.Length + 1)..^1] is { Length: > 0 } list ? list.Split(", ") : [];

    /// <summary>The fields of <paramref name="binding"/> that are functions.</summary>
    public static FieldInfo[] Functions(Type binding) =>
        [.. binding.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(f => f.FieldType.IsFunctionPointer)];

    /// <summary>
    /// C that compiles where the header declares the function so, and with the sizes that <paramref name="binding"/>
    /// passes and takes.
    /// </summary>
    public string Checks(Type binding)
    {
        FieldInfo field = Functions(binding).Single(f => f.Name == Field);
        Type[] passed = field.FieldType.GetFunctionPointerParameterTypes();
        Assert.Equal(Parameters.Length, passed.Length);
        string parameters = passed.Length == 0 ? "void" : string.Join(", ", Parameters);
        string[] sizes =
        [
            .. Parameters.Append(ResultType).Zip(passed.Append(field.FieldType.GetFunctionPointerReturnType()))
                .Where(pair => pair.Second != typeof(void))
                .Select(pair => $"sizeof({pair.First}) {Compared(pair.First)} {SizeOf(pair.Second)}").Distinct(),
        ];
        string check = $"""
            _Static_assert(_Generic(&{Symbol}, {ResultType} (*)({parameters}): 1, default: 0), "{Symbol}");

            """;
        return sizes.Length == 0
            ? check
            : check + $"_Static_assert({string.Join(" && ", sizes)}, \"sizes of {Symbol}\");\n";
    }

    // MPI's handles are passed as an address is, which a number of 32 bits is a part of.
    private static string Compared(string c) =>
        c is "MPI_Comm" or "MPI_Datatype" or "MPI_Op" or "MPI_Request" or "MPI_Errhandler" ? "<=" : "==";

    private static int SizeOf(Type type) => type.IsPointer ? nint.Size : Marshal.SizeOf(type);
}
