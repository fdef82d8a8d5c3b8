using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>
/// The check of signatures, apart from the rules, so that a host can run it on many threads before a batch is applied
/// and skip it for batches whose signatures are known good.
/// </summary>
public static class SignatureCheck
{
    /// <summary>True when every transaction holds the signatures it needs. Any part of a batch may be checked apart.</summary>
    public static bool AllGood(ReadOnlySpan<SignedTransaction> transactions, ISignatureScheme scheme)
    {
        foreach (var transaction in transactions)
        {
            if (!transaction.Verify(scheme))
                return false;
        }

        return true;
    }
}
