using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Transactions;

/// <summary>The defender lists what lies under the claim in dispute; the list must hash to it.</summary>
public sealed record PostClaims(DisputeId Dispute, Hash256[] Claims) : TransactionBody<PostClaims>, IRecord<PostClaims>
{
    public static RecordType Type => RecordType.PostClaims;

    public static PostClaims Read(FieldReader f) => new(new DisputeId(f.Hash(1)), f.Hashes(2, Limits.Claims));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Dispute.Hash);
        f.Hashes(2, Claims);
    }
}

/// <summary>The challenger names the first claim it holds to be wrong, and so agrees to all before it.</summary>
public sealed record ChooseClaim(DisputeId Dispute, int Index) : TransactionBody<ChooseClaim>, IRecord<ChooseClaim>
{
    public static RecordType Type => RecordType.ChooseClaim;

    public static ChooseClaim Read(FieldReader f) => new(new DisputeId(f.Hash(1)), f.Int32(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Dispute.Hash);
        f.Integer(2, Index);
    }
}

/// <summary>The openings from which the ledger itself recomputes the last disputed piece.</summary>
public sealed record OpenInputs(DisputeId Dispute, byte[] Openings) : TransactionBody<OpenInputs>, IRecord<OpenInputs>
{
    public static RecordType Type => RecordType.OpenInputs;

    public static OpenInputs Read(FieldReader f) => new(new DisputeId(f.Hash(1)), f.Bytes(2, Limits.TransactionBytes));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Dispute.Hash);
        f.Bytes(2, Openings);
    }
}
