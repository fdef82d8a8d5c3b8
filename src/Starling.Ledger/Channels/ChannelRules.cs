using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Channels;

/// <summary>One-way payment channels from open to close.</summary>
internal static class ChannelRules
{
    public static FailureCode Open(Step step, OpenChannel body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (body.Payee == step.Sender)
            return FailureCode.NotAllowed;
        var deposit = new Credits(body.Micro);
        if (!Purse.TryTake(step, step.Sender, deposit))
            return FailureCode.CreditsShort;
        var id = new ChannelId(step.Transaction.Hash);
        var own = new ChannelKey(step.Sender, ulong.MaxValue, 0, step.Time, null, []);
        step.State.Channels.Put(new ChannelRecord(
            id, step.Sender, body.Payee, deposit, Credits.Zero, [own], null));
        step.Emit(new ChannelOpened(id, step.Sender, body.Payee, deposit));
        return FailureCode.None;
    }

    public static FailureCode TopUp(Step step, TopUpChannel body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (FindOwn(step, body.Channel, out var channel) is var code and not FailureCode.None)
            return code;
        if (!Purse.TryTake(step, step.Sender, new Credits(body.Micro)))
            return FailureCode.CreditsShort;
        step.State.Channels.Put(channel with { Deposit = channel.Deposit + new Credits(body.Micro) });
        return FailureCode.None;
    }

    /// <summary>A cap only rises: the payee may hold vouchers under the old one.</summary>
    public static FailureCode SetKey(Step step, SetChannelKey body)
    {
        if (FindOwn(step, body.Channel, out var channel) is var code and not FailureCode.None)
            return code;
        var index = Array.FindIndex(channel.Keys, k => k.Key == body.Key);
        if (index < 0)
        {
            if (channel.Keys.Length == ChannelRecord.MaxKeys)
                return FailureCode.TooManyKeys;
            var key = new ChannelKey(body.Key, body.Cap, body.PeriodMs, step.Time, null, []);
            step.State.Channels.Put(channel with { Keys = [.. channel.Keys, key] });
            return FailureCode.None;
        }

        var old = channel.Keys[index];
        if (old.Ends is not null || old.PeriodMs != body.PeriodMs || body.Cap < old.Cap)
            return FailureCode.KeyFixed;
        step.State.Channels.Put(With(channel, index, old with { Cap = body.Cap }));
        return FailureCode.None;
    }

    public static FailureCode RevokeKey(Step step, RevokeChannelKey body)
    {
        if (FindOwn(step, body.Channel, out var channel) is var code and not FailureCode.None)
            return code;
        var index = Array.FindIndex(channel.Keys, k => k.Key == body.Key);
        if (index < 0)
            return FailureCode.UnknownChannelKey;
        if (channel.Keys[index].Ends is not null)
            return FailureCode.KeyFixed;
        var ends = step.Time.After(step.Rules.ChannelCloseMs);
        step.State.Channels.Put(With(channel, index, channel.Keys[index] with { Ends = ends }));
        return FailureCode.None;
    }

    public static FailureCode Close(Step step, CloseChannel body)
    {
        if (step.State.Channels.Find(body.Channel) is not { } channel)
            return FailureCode.UnknownChannel;
        if (step.Sender == channel.Payee)
        {
            End(step, channel);
            return FailureCode.None;
        }

        if (step.Sender != channel.Payer)
            return FailureCode.NotAllowed;
        if (channel.Closes is not null)
            return FailureCode.ChannelClosing;
        var closes = step.Time.After(step.Rules.ChannelCloseMs);
        step.State.Channels.Put(channel with { Closes = closes });
        step.Emit(new ChannelClosing(channel.Id, closes));
        return FailureCode.None;
    }

    public static void Due(Step step, ChannelId id) => End(step, step.State.Channels.Get(id));

    internal static ChannelRecord With(ChannelRecord channel, int index, ChannelKey key)
    {
        var keys = (ChannelKey[])channel.Keys.Clone();
        keys[index] = key;
        return channel with { Keys = keys };
    }

    private static void End(Step step, ChannelRecord channel)
    {
        step.State.Channels.Remove(channel.Id);
        if (channel.Left > Credits.Zero)
            Purse.Give(step, channel.Payer, channel.Left);
        step.Emit(new ChannelClosed(channel.Id, channel.Payer, channel.Left));
    }

    private static FailureCode FindOwn(Step step, ChannelId id, out ChannelRecord channel)
    {
        channel = step.State.Channels.Find(id)!;
        if (channel is null)
            return FailureCode.UnknownChannel;
        if (channel.Payer != step.Sender)
            return FailureCode.NotAllowed;
        return channel.Closes is null ? FailureCode.None : FailureCode.ChannelClosing;
    }
}
