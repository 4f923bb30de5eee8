namespace Nperf.Core.Host;

/// <summary>A run of bytes of a stream.</summary>
/// <param name="Data">Where it is sent from, or received to.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Operand">For a receive: combined with what arrives into <paramref name="Data"/>; null to store what arrives.</param>
internal readonly record struct Piece(nint Data, nint Bytes, nint Operand = 0);
