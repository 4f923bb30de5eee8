using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>One place where a libnccl was looked for.</summary>
/// <param name="Place">A file, a pattern that no file fits, or a bare name: the system's loader was asked.</param>
/// <param name="Outcome">What was there, in a few words.</param>
internal sealed record PlaceLookedIn(string Place, string Outcome);

/// <summary>The libnccl of this machine: the first place whose library loads and tells its version.</summary>
internal sealed record NcclLibrary
{
    /// <summary>The file that was loaded, or null where none can be used.</summary>
    public string? LibraryPath { get; private init; }

    /// <summary>Its version; null where none can be used.</summary>
    public NcclVersion? Version { get; private init; }

    /// <summary>Where it was looked for, in order, up to the place that had it.</summary>
    public IReadOnlyList<PlaceLookedIn> LookedIn { get; private init; } = [];

    /// <summary>
    /// Looks for it: at <paramref name="file"/> alone, where one is named, else in the usual places.
    /// </summary>
    public static NcclLibrary Look(string? file = null) =>
        // A full path has a slash, which keeps the loader from searching.
        Look(file is null ? NcclSearch.Places(Environment.GetEnvironmentVariable) : [Path.GetFullPath(file)]);

    /// <summary>Looks for it in <paramref name="places"/>.</summary>
    internal static NcclLibrary Look(IEnumerable<string> places)
    {
        var looked = new List<PlaceLookedIn>();
        foreach (string place in places)
        {
            if (place.Contains('/', StringComparison.Ordinal) && !Path.Exists(place))
            {
                looked.Add(new PlaceLookedIn(place, "not there"));
                continue;
            }

            try
            {
                DynamicLibrary opened = DynamicLibrary.Open(place);
                NcclVersion version = NcclVersion.FromCode(new Nccl(opened).VersionCode());
                looked.Add(new PlaceLookedIn(place, "taken"));
                return new NcclLibrary { LibraryPath = opened.Path, Version = version, LookedIn = looked };
            }
            catch (LibraryException cause)
            {
                looked.Add(new PlaceLookedIn(place, cause.Message));
            }
        }

        return new NcclLibrary { LookedIn = looked };
    }
}
