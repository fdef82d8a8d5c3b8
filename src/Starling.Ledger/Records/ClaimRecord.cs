using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Records;

/// <summary>A result claim inside an attempt.</summary>
internal sealed record ClaimRecord(ResultClaim Claim) : IRecord<ClaimRecord>
{
    public static RecordType Type => RecordType.ResultClaim;

    public static ClaimRecord Read(FieldReader f) =>
        new(new ResultClaim(f.Hashes(1, Limits.Outputs), f.Hash(2), f.Int32(3)));

    public void Write(FieldWriter f)
    {
        f.Hashes(1, Claim.Outputs);
        f.Hash(2, Claim.Trace);
        f.Integer(3, Claim.TraceLength);
    }
}

/// <summary>A challenger's different root, with the stake locked behind it, waiting for its turn to dispute.</summary>
public sealed record RivalClaim(NodeId Challenger, Hash256 Root, Tokens Bond) : IRecord<RivalClaim>
{
    /// <summary>Every auditor finds a place, and so do this many others.</summary>
    public const int LimitOfOthers = 64;

    internal const int Limit = EpochRecord.MaxAuditors + LimitOfOthers;

    public static RecordType Type => RecordType.Rival;

    public static RivalClaim Read(FieldReader f) => new(new NodeId(f.Hash(1)), f.Hash(2), f.Tokens(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Challenger.Key);
        f.Hash(2, Root);
        f.Amount(3, Bond);
    }
}
