namespace Nperf.Core.Launchers;

/// <summary>Finds what started this process, from the variables that launchers set for each process.</summary>
internal static class Launcher
{
    // The innermost first: where one was started by another, the outer one's variables are still there.
    private static readonly Func<Variables, Launched?>[] All =
        [TorchrunLauncher.Read, MpirunLauncher.Read, SlurmLauncher.Read, KubernetesLauncher.Read];

    /// <summary>The launcher, or null where none started this process, or this one alone.</summary>
    /// <exception cref="LauncherException">
    /// Its variables are half set or contradict each other, or several copies of it would each have a run of their own.
    /// </exception>
    public static Launched? Find(IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var variables = new Variables(environment);
        for (int i = 0; i < All.Length; i++)
        {
            if (All[i](variables) is not { } inner) continue;
            if (inner.IsOneCopy && OfSeveral(variables, All[(i + 1)..]) is { } outer) throw SeparateRuns(inner, outer);
            return inner.Processes > 1 ? inner : null;
        }

        TorchrunLauncher.RefuseTheRest(variables);
        return null;
    }

    private static Launched? OfSeveral(Variables variables, Func<Variables, Launched?>[] launchers)
    {
        foreach (Func<Variables, Launched?> read in launchers)
        {
            try
            {
                if (read(variables) is { Processes: > 1 } outer) return outer;
            }
            catch (LauncherException)
            {
                // Who only stands around the one that counts need not be whole.
            }
        }

        return null;
    }

    private static LauncherException SeparateRuns(Launched inner, Launched outer) => new(
        $"{outer.Launcher} started {outer.Processes} processes, and {inner.Launcher} within this one knows nothing of the others "
        + $"({string.Join(", ", inner.Variables)}): these would be {outer.Processes} separate runs; start nperf by "
        + $"{outer.Launcher} alone, have {inner.Launcher} span all, or say --local for a run of each");
}
