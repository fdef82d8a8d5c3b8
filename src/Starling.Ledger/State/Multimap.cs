using System.Runtime.InteropServices;

namespace Starling.Ledger.State;

/// <summary>An index from one key to an ordered set of others. Most keys have one: it is kept without a set.</summary>
internal sealed class Multimap<TKey, TValue>
    where TKey : struct, IEquatable<TKey>
    where TValue : struct, IComparable<TValue>, IEquatable<TValue>
{
    private readonly Dictionary<TKey, (TValue One, SortedSet<TValue>? Many)> _sets = [];

    public void Add(TKey key, TValue value)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_sets, key, out var exists);
        if (!exists)
            entry = (value, null);
        else if (entry.Many is { } many)
            many.Add(value);
        else if (!entry.One.Equals(value))
            entry = (default, [entry.One, value]);
    }

    public void Remove(TKey key, TValue value)
    {
        if (!_sets.TryGetValue(key, out var entry))
            return;
        if (entry.Many is not { } many)
        {
            if (entry.One.Equals(value))
                _sets.Remove(key);
            return;
        }

        many.Remove(value);
        if (many.Count == 1)
            _sets[key] = (many.Min, null);
    }

    public int CountOf(TKey key) => _sets.TryGetValue(key, out var entry) ? entry.Many?.Count ?? 1 : 0;

    /// <summary>The first values of a key, ascending, at most a number of them.</summary>
    public TValue[] Some(TKey key, int most) =>
        _sets.TryGetValue(key, out var entry) && entry.Many is { } many ? [.. many.Take(most)] : Of(key);

    /// <summary>The values of a key, ascending: a copy, so that the caller may change the index meanwhile.</summary>
    public TValue[] Of(TKey key) =>
        !_sets.TryGetValue(key, out var entry) ? [] : entry.Many is { } many ? [.. many] : [entry.One];
}
