using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Nperf.Core.Rendezvous;

/// <summary>JSON that another process of the run sent as the payload of a collective exchange.</summary>
internal static class PayloadJson
{
    /// <summary>The value in <paramref name="payload"/>.</summary>
    /// <param name="payload">What was sent.</param>
    /// <param name="form">Its form.</param>
    /// <param name="what">What it should be and whose, for messages: <c>the offer of rank 3 (node2)</c>.</param>
    /// <param name="isSound">What the form alone does not say of it, or null.</param>
    /// <exception cref="RunException">It cannot be read, or is not sound.</exception>
    public static T Read<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> form, string what, Func<T, bool>? isSound = null)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(payload, form) is { } value && isSound?.Invoke(value) != false) return value;
        }
        catch (JsonException)
        {
            // Told below, as for what is not sound.
        }

        throw new RunException(FailureKind.Error, $"{what} cannot be read: are all nperf of one version?");
    }

    /// <summary>True where neither <paramref name="list"/>, which a form cannot require, nor an element of it is null.</summary>
    public static bool IsWhole<T>(IEnumerable<T?>? list)
        where T : class => list is not null && list.All(one => one is not null);

    /// <summary>A process for such messages: <c>rank 3 (node2)</c>.</summary>
    public static string NameOf(ProcessInfo process) => $"rank {process.FirstRank} ({process.Host})";
}
