using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>
/// What a job that has ended leaves behind: everything needed to check, with the network gone, that the job ran as specified
/// and that the ledger settled it. docs/receipts.md says what each part proves.
/// </summary>
/// <param name="Genesis">The network's genesis record as encoded; its hash is the chain id.</param>
/// <param name="Header">The header under whose state root every record stands.</param>
/// <param name="Spec">The job's specification as encoded; its content id is in the job's record.</param>
/// <param name="Job">Names the job.</param>
/// <param name="JobRecord">The job's final record.</param>
/// <param name="Tasks">
/// With a model: every task of the plan, in the order in which the plan names them. Without: every task that the ledger
/// ever issued for the job, by id.
/// </param>
/// <param name="Model">What the job gave; null for a job that was stopped or could not be done as specified.</param>
public sealed record Receipt(
    byte[] Genesis,
    SignedHeader Header,
    byte[] Spec,
    JobId Job,
    ProvenRecord JobRecord,
    ProvenRecord[] Tasks,
    ReceiptModel? Model) : IRecord<Receipt>
{
    /// <summary>With a model, of a job that asked for a quorum: the other tasks that gave the same results, by id.</summary>
    public ProvenRecord[] Replicas { get; init; } = [];

    public static RecordType Type => RecordType.ReceiptBody;

    public static Receipt Read(FieldReader f) => new(
        f.Bytes(1, ReceiptLimits.GenesisBytes), f.Nested<SignedHeader>(2), f.Bytes(3, ReceiptLimits.JobSpecBytes),
        new JobId(f.Hash(4)), f.Nested<ProvenRecord>(5), f.Records<ProvenRecord>(6, ReceiptLimits.Tasks),
        f.OptionalNested<ReceiptModel>(7))
    {
        Replicas = f.Has(8) ? f.Records<ProvenRecord>(8, ReceiptLimits.Tasks) : [],
    };

    public void Write(FieldWriter f)
    {
        f.Bytes(1, Genesis);
        f.Record(2, Header);
        f.Bytes(3, Spec);
        f.Hash(4, Job.Hash);
        f.Record(5, JobRecord);
        f.Records(6, Tasks);
        f.OptionalRecord(7, Model);
        if (Replicas.Length > 0)
            f.Records(8, Replicas);
    }

    /// <summary>The receipt as a file: its encoding under a checksum.</summary>
    public byte[] ToBytes() => RecordCodec.Encode(SealedReceipt.Of(RecordCodec.Encode(this)));
}
