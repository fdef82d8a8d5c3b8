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
    /// <summary>
    /// The step of the task, counted from 1, that gave something not finite and so ended it; 0 where none did. The trace of a fault
    /// ends with the state before that step and the root of its values (protocol.md, 4).
    /// </summary>
    public int Fault { get; init; }

    /// <summary>The root that names this result: what the children of the task build their ids from.</summary>
    public Hash256 Root()
    {
        var bytes = new byte[((Outputs.Length + 1) * Hash256.Size) + (Fault > 0 ? 16 : 8)];
        var rest = bytes.AsSpan();
        foreach (var output in Outputs)
        {
            output.CopyTo(rest);
            rest = rest[Hash256.Size..];
        }

        Trace.CopyTo(rest);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(rest[Hash256.Size..], TraceLength);
        if (Fault > 0)
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(rest[(Hash256.Size + 8)..], Fault);
        return Blake3.Hash("result claim", bytes);
    }

    public bool Equals(ResultClaim? other) =>
        other is not null && Trace == other.Trace && TraceLength == other.TraceLength && Fault == other.Fault
        && Outputs.AsSpan().SequenceEqual(other.Outputs);

    public override int GetHashCode() => Trace.GetHashCode();
}
