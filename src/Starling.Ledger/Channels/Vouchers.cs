using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Channels;

/// <summary>
/// Redeems cumulative vouchers: a key owes so much in all of a period, and the payee gets what that adds to what it
/// has. The same voucher twice, or an older one later, adds nothing.
/// </summary>
internal static class Vouchers
{
    public static FailureCode Redeem(Step step, RedeemVoucher body)
    {
        if (step.State.Channels.Find(body.Channel) is not { } channel)
            return FailureCode.UnknownChannel;
        if (step.Sender != channel.Payee)
            return FailureCode.NotAllowed;
        var index = Array.FindIndex(channel.Keys, k => k.Key == body.Key);
        if (index < 0)
            return FailureCode.UnknownChannelKey;
        var key = channel.Keys[index];
        var period = key.PeriodAt(step.Time);
        if (body.Period > period)
            return FailureCode.VoucherTooEarly;
        if (body.Period + ChannelKey.MaxMarks <= period || key.Ends <= step.Time)
            return FailureCode.VoucherExpired;
        var message = RedeemVoucher.Message(step.State.Chain, channel.Id, key.Key, body.Period, body.Micro).ToArray();
        if (!step.Signatures.Verify(key.Key, message, body.Signature))
            return FailureCode.BadSignature;

        var mark = Array.Find(key.Marks, m => m.Period == body.Period) ?? new PeriodMark(body.Period, Credits.Zero);
        var owed = new Credits(Math.Min(body.Micro, key.Cap));
        if (owed <= mark.Redeemed)
            return FailureCode.None;
        var paid = Credits.Min(owed - mark.Redeemed, channel.Left);
        if (paid == Credits.Zero)
            return FailureCode.None;
        key = key with { Marks = Marked(key, period, mark with { Redeemed = mark.Redeemed + paid }) };
        step.State.Channels.Put(ChannelRules.With(channel, index, key) with { Redeemed = channel.Redeemed + paid });
        Purse.Give(step, channel.Payee, paid);
        step.Emit(new VoucherRedeemed(channel.Id, channel.Payee, key.Key, paid));
        return FailureCode.None;
    }

    /// <summary>The marks with one set, without those whose vouchers have expired.</summary>
    private static PeriodMark[] Marked(ChannelKey key, ulong now, PeriodMark mark)
    {
        var marks = new List<PeriodMark>(ChannelKey.MaxMarks);
        foreach (var old in key.Marks)
        {
            if (old.Period != mark.Period && old.Period + ChannelKey.MaxMarks > now)
                marks.Add(old);
        }

        marks.Add(mark);
        marks.Sort(static (a, b) => a.Period.CompareTo(b.Period));
        return [.. marks];
    }
}
