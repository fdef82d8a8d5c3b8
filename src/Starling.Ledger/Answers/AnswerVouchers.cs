using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Answers;

/// <summary>
/// Redeems vouchers for answers: the credits leave the channel at once and stay reserved, like the price of a task,
/// until the answers are final. A conviction gives them back to the job.
/// </summary>
internal static class AnswerVouchers
{
    public static FailureCode Redeem(Step step, RedeemAnswers body)
    {
        if (step.State.Tasks.Find(body.Answers) is not { Answers: { } terms } task)
            return FailureCode.UnknownTask;
        if (task.Current.Provider != step.Sender)
            return FailureCode.NotWorker;
        if (task.Phase != TaskPhase.Live || !task.Current.IsOpen)
            return FailureCode.ResultNotOpen;
        if (step.State.Channels.Find(body.Channel) is not { } channel)
            return FailureCode.UnknownChannel;
        var job = step.State.Jobs.Get(task.Job);
        if (channel.Payee != step.Sender || (channel.Payer != job.Owner && channel.Payer != job.Order.Coordinator))
            return FailureCode.ChannelOfOthers;
        var message = Derived.AnswerVoucher(step.State.Chain, channel.Id, job.Id, terms.Interval, body.Micro, body.Root);
        if (!step.Signatures.Verify(channel.Payer, message.ToArray(), body.Signature))
            return FailureCode.BadSignature;

        var attempt = task.Current;
        var owed = new Credits(body.Micro);
        var mark = Array.Find(terms.Marks, m => m.Channel == channel.Id) ?? new AnswerMark(channel.Id, Credits.Zero);
        if (owed <= mark.Redeemed)
            return FailureCode.None;
        var others = Array.FindAll(terms.Marks, m => m.Channel != channel.Id);
        if (others.Length == AnswerTerms.MaxMarks)
            return FailureCode.TooManyKeys;
        var paid = Credits.Min(Credits.Min(owed - mark.Redeemed, terms.Unredeemed), channel.Left);
        if (paid == Credits.Zero)
            return FailureCode.None;
        step.State.Channels.Put(channel with { Redeemed = channel.Redeemed + paid });
        step.State.Jobs.Put(job with { Reserved = job.Reserved + paid });
        step.State.Tasks.Put(task.WithCurrent(attempt with { Pay = attempt.Pay + paid }) with
        {
            Answers = terms with
            {
                Unredeemed = terms.Unredeemed - paid,
                Marks = [.. others, mark with { Redeemed = mark.Redeemed + paid }],
            },
        });
        step.Emit(new AnswersRedeemed(channel.Id, job.Id, task.Id, paid));
        return FailureCode.None;
    }
}
