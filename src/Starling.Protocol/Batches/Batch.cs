using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Protocol.Batches;

/// <summary>The unit of the log: a signed header and the transactions it orders, as the bytes their senders signed.</summary>
public sealed record Batch(SignedHeader Header, SignedTransaction[] Transactions) : IRecord<Batch>
{
    public static RecordType Type => RecordType.Batch;

    public static Batch Read(FieldReader f) =>
        new(f.Nested<SignedHeader>(1), f.Records<SignedTransaction>(2, Limits.BatchTransactions));

    public void Write(FieldWriter f)
    {
        f.Record(1, Header);
        f.Records(2, Transactions);
    }
}
