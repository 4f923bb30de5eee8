using Nperf.Core;

namespace Nperf.Output;

/// <summary>Of a process that shows nothing: another one tells what happens.</summary>
internal sealed class SilentObserver : RunObserver;
