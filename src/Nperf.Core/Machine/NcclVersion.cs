namespace Nperf.Core.Machine;

/// <summary>A version of NCCL, for example 2.28.9.</summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second number.</param>
/// <param name="Patch">The third number.</param>
internal readonly record struct NcclVersion(int Major, int Minor, int Patch)
{
    /// <summary>The oldest that nperf supports: the first whose communicators can be aborted while they start.</summary>
    public static NcclVersion Oldest { get; } = new(2, 14, 0);

    /// <summary>True from <see cref="Oldest"/> on.</summary>
    public bool IsSupported => IsAtLeast(Oldest.Major, Oldest.Minor, Oldest.Patch);

    /// <summary>True from the version of these numbers on.</summary>
    public bool IsAtLeast(int major, int minor, int patch = 0) =>
        (Major, Minor, Patch).CompareTo((major, minor, patch)) >= 0;

    /// <summary>
    /// From NCCL_VERSION_CODE (nccl.h): up to 2.8 the major number counts thousands, since 2.9 ten thousands.
    /// </summary>
    public static NcclVersion FromCode(int code)
    {
        int major = code < 10000 ? 1000 : 10000;
        return new NcclVersion(code / major, code % major / 100, code % 100);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}
