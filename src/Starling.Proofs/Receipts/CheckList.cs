namespace Starling.Proofs.Receipts;

/// <summary>Collects checks in the order made.</summary>
internal sealed class CheckList
{
    private readonly List<ReceiptCheck> _checks = [];

    public IReadOnlyList<ReceiptCheck> Checks => _checks;

    public bool AllHold => _checks.TrueForAll(static c => c.Holds);

    public bool Holds(CheckKind kind, string reason)
    {
        _checks.Add(new ReceiptCheck(kind, true, reason));
        return true;
    }

    public bool Fails(CheckKind kind, string reason)
    {
        _checks.Add(new ReceiptCheck(kind, false, reason));
        return false;
    }

    /// <summary>Records the outcome of a check that either has a problem to name or holds.</summary>
    public bool Settle(CheckKind kind, string? problem, string reason) =>
        problem is null ? Holds(kind, reason) : Fails(kind, problem);
}
