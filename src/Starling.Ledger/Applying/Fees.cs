using Starling.Ledger.Records;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>Envelope and fee: what every transaction passes before its body is looked at.</summary>
internal static class Fees
{
    /// <summary>The price moves by at most this part of itself per batch.</summary>
    private const ulong Damping = 8;

    /// <summary>Uses the nonce and burns the fee, or says why the transaction must be left alone.</summary>
    public static FailureCode Charge(Step step, SignedTransaction signed)
    {
        var (state, transaction) = (step.State, signed.Transaction);
        if (transaction.Chain != state.Chain)
            return FailureCode.WrongChain;
        if (transaction.ValidUntil < step.Time)
            return FailureCode.Expired;
        if (transaction.ValidUntil > step.Time.After(step.Rules.LongestValidMs))
            return FailureCode.ValidTooLong;
        var sender = state.Accounts.Find(transaction.Sender)
            ?? new AccountRecord(transaction.Sender, Credits.Zero, Tokens.Zero, 0);
        if (transaction.Nonce != sender.Nonce)
            return transaction.Nonce < sender.Nonce ? FailureCode.NonceUsed : FailureCode.NonceTooHigh;
        var weight = TransactionWeight.Of(signed);
        var fee = new Credits((UInt128)state.Network.Price * weight);
        if (fee.Micro > transaction.MostFee)
            return FailureCode.FeeAboveLimit;
        if (!Pay(step, transaction, sender, fee))
            return FailureCode.FeeUnpaid;
        step.Weight += weight;
        return FailureCode.None;
    }

    /// <summary>
    /// The price after a batch: up by as much of an eighth as its weight was above the target, at least by one, or down
    /// likewise, within the bounds of the rules.
    /// </summary>
    public static ulong Next(Rules rules, ulong price, ulong weight)
    {
        var target = Math.Max(rules.TargetWeight, 1);
        UInt128 next = price;
        if (weight > target)
            next += UInt128.Max(1, (UInt128)price * (weight - target) / target / Damping);
        else
            next -= (UInt128)price * (target - weight) / target / Damping;
        return (ulong)UInt128.Clamp(next, rules.Fee, Math.Max(rules.Fee, rules.FeeCeiling));
    }

    private static bool Pay(Step step, Transaction transaction, AccountRecord sender, Credits fee)
    {
        var state = step.State;
        if (transaction.FeePayer is not { } id || id == sender.Id)
        {
            if (sender.Credits < fee)
                return false;
            state.Accounts.Put(sender with { Credits = sender.Credits - fee, Nonce = sender.Nonce + 1, Forget = null });
        }
        else
        {
            var payer = state.Accounts.Find(id);
            if (fee > Credits.Zero && (payer is null || payer.Credits < fee))
                return false;
            if (payer is not null && fee > Credits.Zero)
                state.Accounts.Put(payer with { Credits = payer.Credits - fee });
            state.Accounts.Put(sender with { Nonce = sender.Nonce + 1, Forget = null });
        }

        if (fee > Credits.Zero)
            state.SetNetwork(state.Network with { CreditsBurned = state.Network.CreditsBurned + fee });
        return true;
    }
}
