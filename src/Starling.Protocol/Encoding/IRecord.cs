namespace Starling.Protocol.Encoding;

/// <summary>
/// An object with one deterministic CBOR encoding: <c>[type, version, {1: ..., 2: ...}]</c>. The CDDL of every record
/// is docs/starling.cddl. A change of shape is a new version with its own decoder.
/// </summary>
public interface IRecord<TSelf>
    where TSelf : IRecord<TSelf>
{
    /// <summary>The type number; see <see cref="RecordType"/>.</summary>
    static abstract RecordType Type { get; }

    /// <summary>Writes the fields in ascending order of their keys.</summary>
    void Write(FieldWriter fields);

    /// <summary>Reads the fields in ascending order of their keys.</summary>
    /// <exception cref="DecodeException">A field is missing, malformed or out of bounds.</exception>
    static abstract TSelf Read(FieldReader fields);
}
