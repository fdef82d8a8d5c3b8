using Starling.Client.Contract;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Api;

/// <summary>What the gateway's role says, in the words of the public contract.</summary>
internal static class Views
{
    public static NetworkInfo Of(NetworkView v, NodeId gateway) => new(
        v.Chain.ToString(), gateway.ToString(), v.Height, Time(v.Time), v.StateRoot.ToString(),
        [.. v.Accounts.Select(Of)], [.. v.Offers.Select(Of)]);

    public static AccountInfo Of(AccountView v) => new(
        v.Id.ToString(), v.Nonce, (ulong)v.Credits, (ulong)v.Tokens, (ulong)v.Staked, v.Auditor, v.Convictions);

    public static TransactionInfo Of(TransactionStatus v) => new(v.Id.ToString(), Name(v.State), v.Height, v.Code);

    public static JobPage Of(JobList v) => new([.. v.Jobs.Select(Of)]);

    public static JobInfo Of(JobView v) => new(
        Of(v.Summary),
        new ProgressInfo(
            v.Progress.StepsDone, v.Progress.StepsTotal, v.Progress.TasksDone, v.Progress.TasksTotal, v.Progress.Loss,
            v.Progress.HeldOutLoss, v.Progress.TokensPerSecond),
        new MoneyInfo((ulong)v.Money.Spent, (ulong)v.Money.Limit, v.Money.Work, v.Money.WorkLimit),
        new AuditInfo(
            v.Audits.Pending, v.Audits.Confirmed, v.Audits.Unaudited, v.Audits.Disputed, v.Audits.Convicted),
        [.. v.Providers.Select(p => new ShareInfo(p.Provider.ToString(), p.Shown, p.Final, p.Lost, p.Convicted, p.Work))],
        [.. v.Events.Select(e => new EventInfo(Time(e.Time), e.Height, e.Kind, e.Text))],
        v.Result is { } r ? new ResultInfo(r.Task.ToString(), [.. r.Outputs.Select(Content)]) : null);

    public static ExplanationInfo Of(JobExplained v) => new(
        v.Job.ToString(),
        [.. v.Offers.Select(o => new OfferExplanation(o.Offer.ToString(), o.Provider.ToString(), o.Leases, o.Reason))]);

    private static JobLine Of(JobSummary v) => new(
        v.Id.ToString(), Content(v.Spec), v.Owner.ToString(), Name(v.Phase), v.Stage, Time(v.Opened),
        v.Ended is { } ended ? Time(ended) : null, v.Reason);

    private static OfferInfo Of(OfferView v) => new(
        v.Id.ToString(), v.Provider.ToString(), v.Capability, v.Region, v.Slots, v.FreeSlots, v.MemoryMiB, v.Price,
        Time(v.Expires));

    private static string Content(Hash256 hash) => new ContentId(hash).ToString();

    private static DateTimeOffset Time(Timestamp t) => DateTimeOffset.FromUnixTimeMilliseconds(t.Milliseconds);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
