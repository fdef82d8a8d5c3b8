using Starling.Ledger.State;
using Starling.Protocol.Encoding;

namespace Starling.Proofs.Receipts;

/// <summary>A record of the ledger's state as encoded there, and what joins it to a header's state root.</summary>
public sealed record ProvenRecord(byte[] Value, StateProof Proof) : IRecord<ProvenRecord>
{
    public static RecordType Type => RecordType.ProvenRecord;

    public static ProvenRecord Read(FieldReader f) =>
        new(f.Bytes(1, ReceiptLimits.RecordBytes), f.Nested<StateProof>(2));

    public void Write(FieldWriter f)
    {
        f.Bytes(1, Value);
        f.Record(2, Proof);
    }
}
