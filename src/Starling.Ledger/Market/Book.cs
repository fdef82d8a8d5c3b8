using Starling.Ledger.Records;
using Starling.Protocol;

namespace Starling.Ledger.Market;

/// <summary>
/// Offers that could take a lease now, by capability, region and effective price. Each stands in four shelves, so that
/// an order that names neither, either or both finds its own; within a shelf and price they have no order, since ties
/// are drawn. Kept by the changes of the state, never part of its root.
/// </summary>
internal sealed class Book
{
    private readonly Dictionary<(string Capability, string Region), Shelf> _shelves = [];
    private readonly Dictionary<OfferId, (string Capability, string Region, ulong Price)> _places = [];

    public int Count => _places.Count;

    /// <summary>Offers of a capability in a region; an empty name stands for all.</summary>
    public Shelf? Find(string capability, string region) => _shelves.GetValueOrDefault((capability, region));

    /// <summary>Puts an offer where its effective price belongs, or, for null, takes it off.</summary>
    public void Set(OfferId id, PostedTerms? terms)
    {
        if (_places.TryGetValue(id, out var place))
        {
            if (terms is { } same && place == (same.Capability, same.Region, same.Price))
                return;
            _places.Remove(id);
            Each(place.Capability, place.Region, place.Price, id, add: false);
        }

        if (terms is not { } now)
            return;
        _places.Add(id, (now.Capability, now.Region, now.Price));
        Each(now.Capability, now.Region, now.Price, id, add: true);
    }

    private void Each(string capability, string region, ulong price, OfferId id, bool add)
    {
        Change((capability, region), price, id, add);
        if (region.Length > 0)
            Change((capability, ""), price, id, add);
        if (capability.Length > 0)
            Change(("", region), price, id, add);
        if (capability.Length > 0 && region.Length > 0)
            Change(("", ""), price, id, add);
    }

    private void Change((string Capability, string Region) key, ulong price, OfferId id, bool add)
    {
        if (!_shelves.TryGetValue(key, out var shelf))
            _shelves.Add(key, shelf = new Shelf());
        if (add)
            shelf.Add(price, id);
        else
            shelf.Remove(price, id);
        if (shelf.IsEmpty)
            _shelves.Remove(key);
    }
}

/// <summary>What of an offer decides its place in the book.</summary>
internal readonly record struct PostedTerms(string Capability, string Region, ulong Price);

/// <summary>Offers of one capability and region, by effective price.</summary>
internal sealed class Shelf
{
    private readonly SortedSet<ulong> _prices = [];
    private readonly Dictionary<ulong, HashSet<OfferId>> _levels = [];

    public bool IsEmpty => _prices.Count == 0;

    /// <summary>Every price with an offer, ascending: a copy.</summary>
    public ulong[] Prices() => [.. _prices];

    /// <summary>The offers at a price, in no order; none where the last one left.</summary>
    public IReadOnlyCollection<OfferId> At(ulong price) => _levels.TryGetValue(price, out var level) ? level : [];

    public void Add(ulong price, OfferId id)
    {
        if (!_levels.TryGetValue(price, out var level))
        {
            _levels.Add(price, level = []);
            _prices.Add(price);
        }

        level.Add(id);
    }

    public void Remove(ulong price, OfferId id)
    {
        var level = _levels[price];
        level.Remove(id);
        if (level.Count > 0)
            return;
        _levels.Remove(price);
        _prices.Remove(price);
    }
}
