using System.Text;
using System.Text.Json;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>Writes the results document, and what is made of it.</summary>
internal static class DocumentWriter
{
    /// <summary>
    /// Writes <paramref name="document"/> in a form that is made of all of it to <paramref name="path"/>, whole or not at
    /// all, or to standard output where that is null. Every error is a <see cref="RunException"/>.
    /// </summary>
    public static void Write(ResultsDocument document, string? path, OutputFormat format = OutputFormat.Json) => Write(
        format switch
        {
            OutputFormat.Csv => Encoding.UTF8.GetBytes(CsvFormat.Build(document)),
            OutputFormat.NcclTests => Encoding.UTF8.GetBytes(NcclTestsFormat.Build(document)),
            OutputFormat.Prometheus => Encoding.UTF8.GetBytes(PrometheusFormat.Build(document)),
            _ => Serialize(document),
        },
        path);

    /// <summary>The same for <paramref name="bytes"/>.</summary>
    public static void Write(byte[] bytes, string? path)
    {
        if (path is null)
        {
            using Stream standardOutput = StandardStreams.Output();
            standardOutput.Write(bytes);
            return;
        }

        using OutputFile file = OutputFile.Create(path);
        file.Stream.Write(bytes);
        file.Commit();
    }

    /// <summary>JSON has no NaN and no infinity.</summary>
    public static RunException NotJson(ArgumentException exception) =>
        new(FailureKind.Error, $"the results cannot be written as JSON: {exception.Message}", exception);

    /// <summary>The document in UTF-8, with a line feed at its end.</summary>
    public static byte[] Serialize(ResultsDocument document)
    {
        try
        {
            return [.. JsonSerializer.SerializeToUtf8Bytes(document, ResultsJson.Default.ResultsDocument), (byte)'\n'];
        }
        catch (ArgumentException exception)
        {
            throw NotJson(exception);
        }
    }
}
