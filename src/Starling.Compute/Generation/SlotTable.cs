namespace Starling.Compute.Generation;

/// <summary>Which sequence has which slot: shares prompts' starts, and keeps running slots together.</summary>
internal sealed class SlotTable
{
    private readonly CachedDecoder decoder;
    private readonly Slot[] slots;
    private long requests;

    public SlotTable(CachedDecoder decoder)
    {
        this.decoder = decoder;
        slots = [.. Enumerable.Range(0, decoder.Slots).Select(index => new Slot(index))];
        Running = new List<Slot>(slots.Length);
    }

    /// <summary>Slots with an answer, in order of admission.</summary>
    public List<Slot> Running { get; }

    public long SharedTokens { get; private set; }

    public bool HasFree => Running.Count < slots.Length;

    public Slot this[int index] => slots[index];

    public Slot? Find(RequestId request)
    {
        foreach (Slot slot in Running)
            if (slot.Answer!.Id == request)
                return slot;
        return null;
    }

    /// <summary>
    /// Gives the answer a free slot. Rows that any slot has of the same first tokens are used: where they lie, if that
    /// slot is free and has little else to lose, otherwise as a copy in the free slot that was not used for longest.
    /// </summary>
    public void Place(Answer answer)
    {
        Slot source = slots[0], target = LeastRecentlyUsed();
        foreach (Slot slot in slots)
            if (slot.Shared(answer) > source.Shared(answer))
                source = slot;
        int shared = source.Shared(answer);
        if (source.Answer is null && 2 * shared >= source.Cached)
            target = source;
        else if (shared > 0 && source != target)
            decoder.Copy(source.Index, target.Index, shared);
        target.Take(answer, shared, ++requests);
        Running.Add(target);
        SharedTokens += shared;
    }

    public void Release(Slot slot)
    {
        slot.Free();
        Running.Remove(slot);
    }

    /// <summary>The neighbouring slots from the first to the last one whose next token can be computed.</summary>
    public (int First, int Count) ReadyWindow()
    {
        int first = Array.FindIndex(slots, slot => slot.Pending == 1);
        return first < 0 ? (0, 0) : (first, Array.FindLastIndex(slots, slot => slot.Pending == 1) - first + 1);
    }

    /// <summary>
    /// Moves the last ready sequence to a free slot between others, if there is one: a pass costs by rows, used or not.
    /// At most one per step, so that the delay is bounded.
    /// </summary>
    public void Compact()
    {
        (int first, int count) = ReadyWindow();
        int hole = count < 3 ? -1 : Array.FindIndex(slots, first, count, slot => slot.Answer is null);
        if (hole < 0)
            return;
        Slot free = slots[hole], last = slots[first + count - 1];
        decoder.Swap(hole, last.Index, Math.Max(free.Cached, last.Cached));
        free.Swap(last);
        Running[Running.IndexOf(last)] = free;
    }

    private Slot LeastRecentlyUsed()
    {
        Slot? found = null;
        foreach (Slot slot in slots)
            if (slot.Answer is null && (found is null || slot.Used < found.Used))
                found = slot;
        return found ?? throw new InvalidOperationException("No slot is free.");
    }
}
