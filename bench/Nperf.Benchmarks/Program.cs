using BenchmarkDotNet.Running;
using Nperf.Benchmarks;

// Which to run is BenchmarkDotNet's --filter; docs/benchmarks.md has examples.
BenchmarkSwitcher.FromAssembly(typeof(NativeConfig).Assembly).Run(args, new NativeConfig());
