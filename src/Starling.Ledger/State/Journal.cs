namespace Starling.Ledger.State;

/// <summary>Remembers which table each write went to, in order, so that writes can be undone exactly.</summary>
internal sealed class Journal
{
    private readonly List<IJournaled> _writes = [];

    /// <summary>The writes so far: a point to roll back to.</summary>
    public int Mark => _writes.Count;

    public void Wrote(IJournaled table) => _writes.Add(table);

    public void RollBack(int mark)
    {
        for (var i = _writes.Count - 1; i >= mark; i--)
            _writes[i].UndoLast();
        _writes.RemoveRange(mark, _writes.Count - mark);
    }

    /// <summary>Forgets what led here: nothing before this point can be undone.</summary>
    public void Clear() => _writes.Clear();
}

/// <summary>Something whose last write can be undone.</summary>
internal interface IJournaled
{
    void UndoLast();
}
