using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Records;

/// <summary>An offer on the book, or one taken off it that leases still hold.</summary>
/// <param name="Id">The offer.</param>
/// <param name="Provider">Whose it is.</param>
/// <param name="Terms">As posted.</param>
/// <param name="Posted">Height of the batch that posted it.</param>
/// <param name="Leased">Slots that leases hold.</param>
/// <param name="OffBook">True once withdrawn or expired: no new lease.</param>
public sealed record OfferRecord(OfferId Id, NodeId Provider, PostOffer Terms, ulong Posted, int Leased, bool OffBook)
    : IRecord<OfferRecord>
{
    public static RecordType Type => RecordType.Offer;

    /// <summary>True where its provider had no stake for it: small tasks only, all of them audited.</summary>
    public bool Newcomer { get; init; }

    public int FreeSlots => OffBook ? 0 : Terms.Slots - Leased;

    public static OfferRecord Read(FieldReader f) => new(
        new OfferId(f.Hash(1)), new NodeId(f.Hash(2)), f.Nested<PostOffer>(3), f.Unsigned(4), f.Int32(5), f.Boolean(6))
    {
        Newcomer = f.Flag(7),
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Hash);
        f.Hash(2, Provider.Key);
        f.Record(3, Terms);
        f.Unsigned(4, Posted);
        f.Integer(5, Leased);
        f.Boolean(6, OffBook);
        f.Flag(7, Newcomer);
    }
}
