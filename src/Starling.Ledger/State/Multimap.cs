namespace Starling.Ledger.State;

/// <summary>An index from one key to an ordered set of others.</summary>
internal sealed class Multimap<TKey, TValue>
    where TKey : struct, IEquatable<TKey>
    where TValue : struct, IComparable<TValue>
{
    private readonly Dictionary<TKey, SortedSet<TValue>> _sets = [];

    public void Add(TKey key, TValue value)
    {
        if (!_sets.TryGetValue(key, out var set))
            _sets.Add(key, set = []);
        set.Add(value);
    }

    public void Remove(TKey key, TValue value)
    {
        if (!_sets.TryGetValue(key, out var set))
            return;
        set.Remove(value);
        if (set.Count == 0)
            _sets.Remove(key);
    }

    public int CountOf(TKey key) => _sets.TryGetValue(key, out var set) ? set.Count : 0;

    /// <summary>The values of a key, ascending: a copy, so that the caller may change the index meanwhile.</summary>
    public TValue[] Of(TKey key) => _sets.TryGetValue(key, out var set) ? [.. set] : [];
}
