using Starling.Ledger.Applying;
using Starling.Protocol.Transactions;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Endpoints, answers and what is missing of them.</summary>
internal static class AnswerCases
{
    public static Dictionary<FailureCode, Func<FailureCode>> All { get; } = new()
    {
        [FailureCode.UnknownEndpoint] = () =>
        {
            var net = new TestNetwork();
            net.PostOffer(Providers[0]);
            return net.Refused(Providers[0], new CommitAnswers(net.OpenJob(), 0, 1, 1, Content("c")));
        },
        [FailureCode.EndpointExists] = () =>
        {
            var net = new TestNetwork();
            return net.Refused(Gateway, new OpenEndpoint(net.OpenEndpoint(), AnswerRoles.Terms));
        },
        [FailureCode.IntervalNotOver] = () =>
        {
            var net = new TestNetwork();
            var endpoint = net.OpenEndpoint();
            net.Pass(AnswerRoles.IntervalMs - 1);
            return net.Refused(Providers[0], new CommitAnswers(endpoint, 0, 1, 1, Content("c")));
        },
        [FailureCode.IntervalTooOld] = () =>
        {
            var net = new TestNetwork();
            var endpoint = net.OpenEndpoint();
            net.Pass(2 * AnswerRoles.IntervalMs);
            return net.Refused(Providers[0], new CommitAnswers(endpoint, 0, 1, 1, Content("c")));
        },
        [FailureCode.ChannelOfOthers] = () =>
        {
            var net = new TestNetwork();
            var endpoint = net.OpenEndpoint();
            var task = net.CommitAnswers(endpoint, AnswerRoles.IntervalOf(AnswerRoles.Answer(endpoint, 1)));
            var channel = new Starling.Protocol.ChannelId(net.Do(Auditors[0], new OpenChannel(Providers[0].Id, 5)).Hash);
            return net.Refused(Providers[0], net.Voucher(task, channel, 5, Auditors[0]));
        },
        [FailureCode.NotMissing] = () =>
        {
            var net = new TestNetwork();
            var endpoint = net.OpenEndpoint();
            var (kept, other) = (AnswerRoles.Answer(endpoint, 1), AnswerRoles.Answer(endpoint, 2));
            net.CommitAnswers(endpoint, AnswerRoles.IntervalOf(kept));
            var absent = AnswerRoles.IntervalOf(kept).ProveMissing(net.Sign(other, 0), default)!;
            return net.Refused(Gateway, new ReportMissing(absent with { Chunk = net.Sign(kept, 1) }));
        },
    };
}
