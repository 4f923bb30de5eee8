namespace Nperf.Native;

/// <summary>A library that is optional could not be used; the message names the call or symbol, in one line.</summary>
internal sealed class LibraryException(string message) : Exception(message);
