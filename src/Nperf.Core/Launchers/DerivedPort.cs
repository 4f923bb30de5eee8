namespace Nperf.Core.Launchers;

/// <summary>
/// A TCP port made of a number that every process of a job knows and no other job has. The range is free of what a system
/// hands out by itself (from 32768), of Kubernetes' node ports (from 30000) and of PyTorch's 29500.
/// </summary>
internal static class DerivedPort
{
    private const int First = 20000;
    private const int Count = 9000;

    public static int From(long number) => First + (int)(number % Count);
}
