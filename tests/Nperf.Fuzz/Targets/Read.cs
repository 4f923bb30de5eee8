using System.Text;

namespace Nperf.Fuzz.Targets;

/// <summary>What several targets need.</summary>
internal static class Read
{
    /// <summary>Text as a file or a pipe gives it: bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Text(ReadOnlyMemory<byte> input) => Encoding.UTF8.GetString(input.Span);

    /// <summary>The result of a task that has nothing to wait for.</summary>
    public static T Now<T>(ValueTask<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("waits for more than there is");

    /// <summary>A stream of the input.</summary>
    public static MemoryStream Stream(ReadOnlyMemory<byte> input) => new(input.ToArray(), writable: false);
}
