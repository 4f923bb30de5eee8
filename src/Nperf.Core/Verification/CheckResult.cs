using Nperf.Core.Results;

namespace Nperf.Core.Verification;

/// <summary>What a check of a receive buffer found.</summary>
/// <param name="Wrong">The number of wrong elements.</param>
/// <param name="First">The first of them, or null where all are right.</param>
internal readonly record struct CheckResult(long Wrong, WrongElement? First);
