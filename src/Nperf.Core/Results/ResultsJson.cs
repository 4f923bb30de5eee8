using System.Text.Json.Serialization;

namespace Nperf.Core.Results;

/// <summary>The document's JSON form: names in camel case, two spaces of indentation, null where something is not there.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ResultsDocument))]
[JsonSerializable(typeof(SizeResult))]
[JsonSerializable(typeof(NcclSection))]
internal sealed partial class ResultsJson : JsonSerializerContext;
