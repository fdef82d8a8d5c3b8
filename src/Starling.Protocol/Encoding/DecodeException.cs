namespace Starling.Protocol.Encoding;

/// <summary>Bytes that are not what they claim to be: truncated, not deterministic, out of bounds or of unknown shape.</summary>
public sealed class DecodeException(string where, string problem) : Exception($"{where}: {problem}")
{
    /// <summary>The object and field at fault, for example <c>PostOffer.slots</c>.</summary>
    public string Where { get; } = where;
}
