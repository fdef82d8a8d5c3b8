using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>
/// What a sender signs: a body bound to one chain, one nonce and a last valid time. A <paramref name="FeePayer"/> signs
/// too and pays the fee, so that a gateway's customers need hold nothing.
/// </summary>
public sealed record Transaction(
    ChainId Chain, NodeId Sender, ulong Nonce, Timestamp ValidUntil, NodeId? FeePayer, TransactionBody Body)
    : IRecord<Transaction>
{
    public static RecordType Type => RecordType.Transaction;

    /// <summary>Micro-credits: above this fee the transaction is left alone. Null for any fee.</summary>
    public ulong? MostFee { get; init; }

    public static Transaction Read(FieldReader f) => new(
        new ChainId(f.Hash(1)), new NodeId(f.Hash(2)), f.Unsigned(3), new Timestamp(f.Integer(4)),
        f.OptionalHash(5) is { } payer ? new NodeId(payer) : null, TransactionBody.Decode(f.Encoded(6)))
    {
        MostFee = f.Has(7) ? f.Unsigned(7) : null,
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Chain.Hash);
        f.Hash(2, Sender.Key);
        f.Unsigned(3, Nonce);
        f.Integer(4, ValidUntil.Milliseconds);
        f.OptionalHash(5, FeePayer?.Key);
        f.Encoded(6, Body.Encode());
        if (MostFee is { } most)
            f.Unsigned(7, most);
    }
}
