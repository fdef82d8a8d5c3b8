using Starling.Ledger.Records;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>Envelope and fee: what every transaction passes before its body is looked at.</summary>
internal static class Fees
{
    /// <summary>Uses the nonce and burns the fee, or says why the transaction must be left alone.</summary>
    public static FailureCode Charge(Step step, Transaction transaction)
    {
        var state = step.State;
        if (transaction.Chain != state.Chain)
            return FailureCode.WrongChain;
        if (transaction.ValidUntil < step.Time)
            return FailureCode.Expired;
        var sender = state.Accounts.Find(transaction.Sender)
            ?? new AccountRecord(transaction.Sender, Credits.Zero, Tokens.Zero, 0);
        if (transaction.Nonce != sender.Nonce)
            return transaction.Nonce < sender.Nonce ? FailureCode.NonceUsed : FailureCode.NonceTooHigh;

        var fee = new Credits(step.Rules.Fee);
        var payer = transaction.FeePayer is { } id && id != transaction.Sender ? state.Accounts.Find(id) : sender;
        if (payer is null || payer.Credits < fee)
            return FailureCode.FeeUnpaid;
        state.Accounts.Put(sender with { Nonce = sender.Nonce + 1 });
        if (fee > Credits.Zero)
        {
            var charged = state.Accounts.Get(payer.Id);
            state.Accounts.Put(charged with { Credits = charged.Credits - fee });
            state.SetNetwork(state.Network with { CreditsBurned = state.Network.CreditsBurned + fee });
        }

        return FailureCode.None;
    }
}
