using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// Chunks of one blob, without the zeros that pad a row. Which chunks they are is not said: the referee knows what it
/// asked for.
/// </summary>
/// <param name="Numbers">The bytes that hold numbers, chunk after chunk.</param>
/// <param name="Siblings">As in a chunk opening.</param>
/// <param name="Tail">As in a chunk opening.</param>
public sealed record OpenedPiece(byte[] Numbers, Hash256[] Siblings, byte[] Tail) : IRecord<OpenedPiece>
{
    private const int MaxSiblings = 16_384;

    public static RecordType Type => RecordType.OpenedPiece;

    public static OpenedPiece Read(FieldReader f) =>
        new(f.Bytes(1, Limits.TransactionBytes), f.Hashes(2, MaxSiblings), f.Bytes(3, Blake3.ChunkSize));

    public void Write(FieldWriter f)
    {
        f.Bytes(1, Numbers);
        f.Hashes(2, Siblings);
        f.Bytes(3, Tail);
    }
}
