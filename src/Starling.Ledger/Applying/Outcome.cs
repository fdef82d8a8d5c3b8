using Starling.Protocol;

namespace Starling.Ledger.Applying;

/// <summary>What became of one transaction of a batch.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Code"><see cref="FailureCode.None"/> when it did what it asks.</param>
public readonly record struct Outcome(TransactionId Transaction, FailureCode Code)
{
    public bool Succeeded => Code == FailureCode.None;

    /// <summary>True when its nonce was used and its fee paid, whether or not it did what it asks.</summary>
    public bool Charged => Code is FailureCode.None or >= FailureCode.Overflow;
}
