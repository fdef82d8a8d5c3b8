using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>A challenge committed and not yet shown.</summary>
/// <param name="Commitment">Binds the challenger to its finding.</param>
/// <param name="Challenger">Who committed.</param>
/// <param name="Bond">Stake locked behind it.</param>
/// <param name="Place">Where the log holds it: it may be shown in a later batch, and ranks by this.</param>
/// <param name="Due">When it lapses.</param>
public sealed record ChallengeRecord(Hash256 Commitment, NodeId Challenger, Tokens Bond, LogPlace Place, Timestamp Due)
    : IRecord<ChallengeRecord>
{
    public static RecordType Type => RecordType.Challenge;

    public static ChallengeRecord Read(FieldReader f) =>
        new(f.Hash(1), new NodeId(f.Hash(2)), f.Tokens(3), new LogPlace(f.Unsigned(4), f.Int32(5)), f.Time(6));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Commitment);
        f.Hash(2, Challenger.Key);
        f.Amount(3, Bond);
        f.Unsigned(4, Place.Height);
        f.Integer(5, Place.Index);
        f.Time(6, Due);
    }
}
