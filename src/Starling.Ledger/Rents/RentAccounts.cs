using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Rents;

/// <summary>Money into rent accounts and out of them.</summary>
internal static class RentAccounts
{
    public static FailureCode Fund(Step step, FundRent body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (!Purse.TryTake(step, step.Sender, new Credits(body.Micro)))
            return FailureCode.CreditsShort;
        var rent = step.State.Rents.Find(step.Sender) is null
            ? new RentRecord(step.Sender) { At = step.Time }
            : RentClock.Settle(step, step.Sender);
        RentClock.Store(step, rent with { Balance = checked(rent.Balance + (body.Micro * RentRecord.Milli)) });
        return FailureCode.None;
    }

    public static FailureCode Withdraw(Step step, WithdrawRent body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (step.State.Rents.Find(step.Sender) is null)
            return FailureCode.RentShort;
        var rent = RentClock.Settle(step, step.Sender);
        if ((UInt128)body.Micro * RentRecord.Milli + Needed(step, rent.PerSecond) > rent.Balance)
            return FailureCode.RentShort;
        Purse.Give(step, step.Sender, new Credits(body.Micro));
        RentClock.Store(step, rent with { Balance = rent.Balance - (body.Micro * RentRecord.Milli) });
        return FailureCode.None;
    }

    /// <summary>What an account must hold while its leases cost so much: enough not to be low at once.</summary>
    public static UInt128 Needed(Step step, ulong perSecond) => (UInt128)perSecond * (ulong)step.Rules.LowWaterMs;
}
