using System.Runtime.InteropServices;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.NativeAot;
using Perfolizer.Horology;

namespace Nperf.Benchmarks;

/// <summary>Every benchmark as native code, compiled as nperf itself is, with the bandwidth beside the time.</summary>
internal sealed class NativeConfig : ManualConfig
{
    private const string Packages = "https://api.nuget.org/v3/index.json";

    /// <summary>Some seconds a benchmark: what is measured has little noise of its own.</summary>
    public NativeConfig()
    {
        NativeAotToolchainBuilder native = NativeAotToolchain.CreateBuilder();
        // No version: the compiler is that of the SDK.
        native.UseNuGet("", Packages);
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64) native.IlcInstructionSet("x86-64-v3");
        native.DisplayName("NativeAOT");
        Add(DefaultConfig.Instance);
        ArtifactsPath = "build/benchmarks";
        BuildTimeout = TimeSpan.FromMinutes(30);
        AddColumn(new BandwidthColumn());
        AddJob(Job.Default
            .WithToolchain(native.ToToolchain())
            .WithArguments(
            [
                new MsBuildArgument("/p:CppCompilerAndLinker=gcc"),
                new MsBuildArgument("/p:InvariantGlobalization=true"),
            ])
            .WithGcConcurrent(false)
            .WithWarmupCount(3)
            .WithIterationCount(10)
            .WithIterationTime(TimeInterval.FromMilliseconds(150)));
    }
}
