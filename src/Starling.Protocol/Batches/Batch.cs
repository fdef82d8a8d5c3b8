using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Protocol.Batches;

/// <summary>The unit of the log: a signed header and the transactions it orders, as the bytes their senders signed.</summary>
public sealed record Batch(SignedHeader Header, SignedTransaction[] Transactions) : IRecord<Batch>
{
    public static RecordType Type => RecordType.Batch;

    public static Batch Read(FieldReader f) =>
        new(f.Nested<SignedHeader>(1), f.Records<SignedTransaction>(2, Limits.BatchTransactions));

    /// <summary>What a header calls its transactions: the Merkle root over their ids, in order.</summary>
    public static Hash256 RootOf(SignedTransaction[] transactions) =>
        MerkleTree.Root(Array.ConvertAll(transactions, static t => t.Id.Hash));

    public void Write(FieldWriter f)
    {
        f.Record(1, Header);
        f.Records(2, Transactions);
    }
}
