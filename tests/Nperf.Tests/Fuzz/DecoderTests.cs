using Nperf.Fuzz;

namespace Nperf.Tests.Fuzz;

/// <summary>A short run of what scripts/fuzz.sh does at length.</summary>
public sealed class DecoderTests
{
    private const int Inputs = 2_000;

    public static TheoryData<string> Targets => [.. AllTargets.List.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Whatever_comes_is_decoded_or_refused(string name)
    {
        Target target = AllTargets.List.Single(target => target.Name == name);
        Nperf.Fuzz.Batch batch = new Fuzzer(target, seed: 7).Run(number: 0, Inputs / target.Share);
        Assert.Null(batch.Finding);
        Assert.True(batch.Accepted > 0, "no input was decoded");
    }
}
