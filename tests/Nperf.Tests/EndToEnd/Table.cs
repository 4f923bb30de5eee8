namespace Nperf.Tests.EndToEnd;

/// <summary>What the tables look like.</summary>
internal static class Table
{
    /// <summary>The row of the size 1024.</summary>
    public const string Row1K = @"^\s*(1024|1K|1 KiB)\s+\d";
}
