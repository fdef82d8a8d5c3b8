using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Starling.Protocol;

namespace Starling.Ledger.Market;

/// <summary>Offers of one capability and region, by effective price. An empty name stands for all.</summary>
internal sealed class Shelf(string capability, string region)
{
    private readonly SortedSet<ulong> _prices = [];
    private readonly Dictionary<ulong, PriceLevel> _levels = [];

    public string Capability { get; } = capability;

    public string Region { get; } = region;

    public bool IsEmpty => _levels.Count == 0;

    /// <summary>Which of a posting's places is on this shelf: no two of its shelves are of one kind.</summary>
    internal int Kind { get; } = (capability.Length == 0 ? 2 : 0) + (region.Length == 0 ? 1 : 0);

    /// <summary>Every price with an offer, ascending: a copy.</summary>
    public ulong[] Prices() => [.. _prices];

    /// <summary>The offers at a price, in no order; none where the last one left.</summary>
    public ReadOnlySpan<Posting> At(ulong price) => _levels.TryGetValue(price, out var level) ? level.Postings : [];

    public void Add(ulong price, Posting posting)
    {
        ref var level = ref CollectionsMarshal.GetValueRefOrAddDefault(_levels, price, out var exists);
        if (!exists)
        {
            level = new PriceLevel(this, price);
            _prices.Add(price);
        }

        level!.Add(posting);
    }

    public void Remove(PriceLevel level, Posting posting)
    {
        level.Remove(posting);
        if (level.Postings.Length > 0)
            return;
        _levels.Remove(level.Price);
        _prices.Remove(level.Price);
    }
}

/// <summary>The offers of one shelf at one price. Whoever leaves is replaced by the last: nothing is searched.</summary>
internal sealed class PriceLevel(Shelf shelf, ulong price)
{
    private readonly List<Posting> _postings = new(1);

    public Shelf Shelf { get; } = shelf;

    public ulong Price { get; } = price;

    public ReadOnlySpan<Posting> Postings => CollectionsMarshal.AsSpan(_postings);

    public void Add(Posting posting)
    {
        posting.Places[Shelf.Kind] = new Place(this, _postings.Count);
        _postings.Add(posting);
    }

    public void Remove(Posting posting)
    {
        var index = posting.Places[Shelf.Kind].Index;
        posting.Places[Shelf.Kind] = default;
        var last = _postings[^1];
        _postings.RemoveAt(_postings.Count - 1);
        if (ReferenceEquals(last, posting))
            return;
        _postings[index] = last;
        last.Places[Shelf.Kind] = new Place(this, index);
    }
}

/// <summary>One offer in the book, and where it stands.</summary>
internal sealed class Posting(OfferId id, PostedTerms terms)
{
    public const int Kinds = 4;

    private PlacesByKind _places;

    public OfferId Id { get; } = id;

    public PostedTerms Terms { get; } = terms;

    public Span<Place> Places => _places;

    [InlineArray(Kinds)]
    private struct PlacesByKind
    {
        private Place _first;
    }
}

/// <summary>A level and a place in it; no level where the posting is on no shelf of the kind.</summary>
internal readonly record struct Place(PriceLevel? Level, int Index);
