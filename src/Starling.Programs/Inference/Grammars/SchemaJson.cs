using System.Text.Json.Serialization;

namespace Starling.Programs.Inference.Grammars;

/// <summary>How names are written into grammars.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class SchemaJson : JsonSerializerContext;
