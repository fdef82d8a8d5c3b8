using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Node.Outbox;

/// <summary>
/// A transaction on its way into the log, as stored: the purpose that asked for it, so that a restarted role does not
/// ask twice, and the signed bytes.
/// </summary>
internal sealed record OutboxEntry(string Purpose, SignedTransaction Transaction) : IRecord<OutboxEntry>
{
    public static RecordType Type => RecordType.OutboxEntry;

    public ulong Nonce => Transaction.Transaction.Nonce;

    public static OutboxEntry Read(FieldReader f) => new(f.Text(1, 256), f.Nested<SignedTransaction>(2));

    public void Write(FieldWriter f)
    {
        f.Text(1, Purpose);
        f.Record(2, Transaction);
    }
}
