using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>
/// The defender lists what lies under the claim in dispute; the list must hash to it. A long list is shown by nodes of its
/// tree, each over a power of two of items.
/// </summary>
public sealed record PostClaims(DisputeId Dispute, Hash256[] Claims) : TransactionBody<PostClaims>, IRecord<PostClaims>
{
    public static RecordType Type => RecordType.PostClaims;

    private const int MaxLength = 1 << 30;

    /// <summary>Items of the whole list; as many as are shown where they are shown themselves.</summary>
    public int Length { get; init; } = Claims.Length;

    public static PostClaims Read(FieldReader f)
    {
        var post = new PostClaims(new DisputeId(f.Hash(1)), f.Hashes(2, Limits.Claims));
        return f.Has(3) ? post with { Length = f.Int32(3, post.Claims.Length + 1, MaxLength) } : post;
    }

    public void Write(FieldWriter f)
    {
        f.Hash(1, Dispute.Hash);
        f.Hashes(2, Claims);
        if (Length != Claims.Length)
            f.Integer(3, Length);
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

/// <summary>
/// A worker names the one key that may move for it in disputes about its results, now and until it names another or none
/// (protocol.md, 14). Whoever is named can lose them too: a worker names whom it trusts.
/// </summary>
public sealed record NameDefender(NodeId? Defender) : TransactionBody<NameDefender>, IRecord<NameDefender>
{
    public static RecordType Type => RecordType.NameDefender;

    public static NameDefender Read(FieldReader f) => new(f.OptionalHash(1) is { } key ? new NodeId(key) : null);

    public void Write(FieldWriter f) => f.OptionalHash(1, Defender?.Key);
}
