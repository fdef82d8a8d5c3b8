using Starling.Node.Chain;
using Starling.Node.Outbox;
using Starling.Node.Roles.Auditing;
using Starling.Node.Roles.Providing;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

/// <summary>What a node stores must be read by every later build.</summary>
public sealed class StoredRecordTests
{
    private static readonly ResultClaim s_claim = new([Keys.Hash("a"), Keys.Hash("b")], Keys.Hash("trace"), 3);

    [Fact]
    public void RunRecordsKeepTheirBytes() => Check(
        new RunRecord(new TaskId(Keys.Hash("task")), 2, s_claim), "a75e2c786eae64c9",
        (a, b) => (a.Task, a.Attempt).Equals((b.Task, b.Attempt)) && a.Claim.Equals(b.Claim));

    [Fact]
    public void AuditRecordsKeepTheirBytes() => Check(
        new AuditRecord(7, [new Verdict(new TaskId(Keys.Hash("task")), 1, Keys.Hash("root"))]), "7b6739bbef950e2b",
        (a, b) => a.Epoch == b.Epoch && a.Verdicts.SequenceEqual(b.Verdicts));

    [Fact]
    public void SnapshotOffersKeepTheirBytes()
    {
        var log = Starling.Tests.Host.TestLog.Chain(2);
        Check(
            new SnapshotOffer(Keys.Hash("content"), log[0], log[1].Header), "8ccc83bb96b7d5aa",
            (a, b) => a.Content == b.Content && a.Last.Header.Hash == b.Last.Header.Hash && a.Next.Hash == b.Next.Hash);
    }

    [Fact]
    public void OutboxEntriesKeepTheirBytes()
    {
        var signer = Keys.Signer("worker");
        var transaction = new Transaction(new ChainId(Keys.Hash("chain")), signer.Id, 5, new Timestamp(9), null, new Bond(4));
        Check(
            new OutboxEntry("bond", SignedTransaction.Sign(transaction, signer)), "26c0cd35d7a7d320",
            (a, b) => a.Purpose == b.Purpose && a.Transaction.Id == b.Transaction.Id);
    }

    private static void Check<T>(T record, string golden, Func<T, T, bool> equal)
        where T : IRecord<T>
    {
        var bytes = RecordCodec.Encode(record);
        Assert.Equal(golden, Blake3.Hash(bytes).ToString()[..16]);
        Assert.True(equal(record, RecordCodec.Decode<T>(bytes)));
    }
}
