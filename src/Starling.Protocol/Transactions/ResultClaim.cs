using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>
/// What a worker says a task gave: the content ids of its outputs in the program's order, and the Merkle root of its
/// trace, one state root per committed interval. Plain, without salt: two honest runs have equal claims.
/// </summary>
public sealed record ResultClaim(Hash256[] Outputs, Hash256 Trace, int TraceLength)
{
    /// <summary>The root that names this result: what the children of the task build their ids from.</summary>
    public Hash256 Root()
    {
        var bytes = new byte[((Outputs.Length + 1) * Hash256.Size) + 8];
        var rest = bytes.AsSpan();
        foreach (var output in Outputs)
        {
            output.CopyTo(rest);
            rest = rest[Hash256.Size..];
        }

        Trace.CopyTo(rest);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(rest[Hash256.Size..], TraceLength);
        return Blake3.Hash("result claim", bytes);
    }

    public bool Equals(ResultClaim? other) =>
        other is not null && Trace == other.Trace && TraceLength == other.TraceLength
        && Outputs.AsSpan().SequenceEqual(other.Outputs);

    public override int GetHashCode() => Trace.GetHashCode();
}
