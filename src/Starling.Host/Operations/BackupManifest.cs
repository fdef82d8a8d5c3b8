using System.Text.Json.Serialization;

namespace Starling.Host.Operations;

/// <summary>What a backup holds: the last entry of its file, so that a file that was cut short has none.</summary>
/// <param name="Version">Of this format.</param>
/// <param name="Chain">The network.</param>
/// <param name="Made">When, in UTC.</param>
/// <param name="Files">Name to BLAKE3 of its bytes.</param>
public sealed record BackupManifest(int Version, string Chain, DateTimeOffset Made, SortedDictionary<string, string> Files);

[JsonSerializable(typeof(BackupManifest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class BackupJson : JsonSerializerContext;
