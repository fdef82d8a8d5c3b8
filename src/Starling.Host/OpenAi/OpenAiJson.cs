using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Starling.Host.OpenAi;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
