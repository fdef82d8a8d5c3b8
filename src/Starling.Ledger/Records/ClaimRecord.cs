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
        new(new ResultClaim(f.Hashes(1, Limits.Outputs), f.Hash(2), f.Int32(3)) { Fault = f.Has(4) ? f.Int32(4, 1) : 0 });

    public void Write(FieldWriter f)
    {
        f.Hashes(1, Claim.Outputs);
        f.Hash(2, Claim.Trace);
        f.Integer(3, Claim.TraceLength);
        if (Claim.Fault > 0)
            f.Integer(4, Claim.Fault);
    }
}

/// <summary>A challenger's different root, with the stake locked behind it: in dispute or waiting for its turn.</summary>
/// <param name="Challenger">Who says otherwise.</param>
/// <param name="Root">The root that it computed.</param>
/// <param name="Bond">Its stake behind that.</param>
/// <param name="Committed">Where the log holds its commitment: earlier ones have their turn first (protocol.md, 10).</param>
public sealed record RivalClaim(NodeId Challenger, Hash256 Root, Tokens Bond, LogPlace Committed) : IRecord<RivalClaim>
{
    /// <summary>Every drawn auditor finds a place, and so do this many others.</summary>
    public const int LimitOfOthers = 64;

    /// <summary>Auditors of as many epochs as a result is ever drawn in under the profiles' rules.</summary>
    internal const int LimitOfDrawn = 4 * EpochRecord.MaxAuditors;

    internal const int Limit = LimitOfDrawn + LimitOfOthers;

    /// <summary>True when it was drawn to audit the result: such claims take none of the others' places.</summary>
    public bool Drawn { get; init; }

    public static RecordType Type => RecordType.Rival;

    public static RivalClaim Read(FieldReader f) =>
        new(new NodeId(f.Hash(1)), f.Hash(2), f.Tokens(3), new LogPlace(f.Unsigned(4), f.Int32(5))) { Drawn = f.Flag(6) };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Challenger.Key);
        f.Hash(2, Root);
        f.Amount(3, Bond);
        f.Unsigned(4, Committed.Height);
        f.Integer(5, Committed.Index);
        f.Flag(6, Drawn);
    }
}
