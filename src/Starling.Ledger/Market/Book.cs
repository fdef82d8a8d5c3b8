using Starling.Ledger.Records;
using Starling.Protocol;

namespace Starling.Ledger.Market;

/// <summary>
/// Offers that could take a lease now, by capability, region and effective price. Each stands in up to four shelves, so
/// that an order that names neither, either or both finds its own; within a shelf and price they have no order, since
/// ties are drawn. Kept by the changes of the state, never part of its root.
/// </summary>
internal sealed class Book
{
    private readonly Dictionary<(string Capability, string Region), Shelf> _shelves = [];
    private readonly Dictionary<OfferId, Posting> _postings = [];

    public int Count => _postings.Count;

    /// <summary>Offers of a capability in a region; an empty name stands for all.</summary>
    public Shelf? Find(string capability, string region) => _shelves.GetValueOrDefault((capability, region));

    /// <summary>Puts an offer where its effective price belongs, or, for null, takes it off.</summary>
    public void Set(OfferId id, PostedTerms? terms)
    {
        if (_postings.TryGetValue(id, out var old))
        {
            if (terms == old.Terms)
                return;
            _postings.Remove(id);
            TakeDown(old);
        }

        if (terms is not { } now)
            return;
        var posting = new Posting(id, now);
        _postings.Add(id, posting);
        PutUp(posting);
    }

    private void PutUp(Posting posting)
    {
        var (capability, region, price) = posting.Terms;
        ShelfOf(capability, region).Add(price, posting);
        if (region.Length > 0)
            ShelfOf(capability, "").Add(price, posting);
        if (capability.Length > 0)
            ShelfOf("", region).Add(price, posting);
        if (capability.Length > 0 && region.Length > 0)
            ShelfOf("", "").Add(price, posting);
    }

    private void TakeDown(Posting posting)
    {
        for (var kind = 0; kind < Posting.Kinds; kind++)
        {
            if (posting.Places[kind].Level is not { } level)
                continue;
            var shelf = level.Shelf;
            shelf.Remove(level, posting);
            if (shelf.IsEmpty)
                _shelves.Remove((shelf.Capability, shelf.Region));
        }
    }

    private Shelf ShelfOf(string capability, string region)
    {
        if (!_shelves.TryGetValue((capability, region), out var shelf))
            _shelves.Add((capability, region), shelf = new Shelf(capability, region));
        return shelf;
    }
}

/// <summary>What of an offer decides its place in the book.</summary>
internal readonly record struct PostedTerms(string Capability, string Region, ulong Price);
