using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>What gateway and workers of an endpoint do, each in one line.</summary>
internal static class AnswerRoles
{
    public const long IntervalMs = 10_000;

    public static readonly EndpointTerms Terms = new(
        Content("model"), Content("answer graph"), 64, 11, 1_000_000, 10_000_000, IntervalMs);

    /// <summary>An endpoint that the first provider serves.</summary>
    public static JobId OpenEndpoint(this TestNetwork net, EndpointTerms? terms = null)
    {
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        net.Do(Gateway, new OpenEndpoint(job, terms ?? Terms));
        return job;
    }

    public static ChannelId OpenAnswerChannel(this TestNetwork net, ulong micro = Unit) =>
        new(net.Do(Gateway, new OpenChannel(Providers[0].Id, micro)).Hash);

    /// <summary>An answer of arbitrary hashes.</summary>
    public static AnswerRecord Answer(JobId endpoint, int number, int chunks = 2) => new(
        new AnswerRequest(endpoint, Terms.Model, Content($"nonce {number}"), [1, 2], [], new AnswerSampling(), Hash256.Zero),
        [.. Enumerable.Range(0, chunks).Select(i => new AnswerChunk([i % 11], [Content($"logits {i}")], AnswerStop.None))]);

    public static AnswerInterval IntervalOf(params AnswerRecord[] answers) => new(answers.Select(a => a.Leaf()));

    public static SignedChunk Sign(this TestNetwork net, AnswerRecord answer, int index, ulong interval = 0)
    {
        var chunk = new SignedChunk(
            answer.Request.Endpoint, Providers[0].Id, answer.Request.Hash(), interval, index, answer.Roots()[index],
            new Starling.Protocol.Identity.Signature(new byte[Starling.Protocol.Identity.Signature.Size]));
        return chunk with { Signature = Providers[0].Sign(chunk.Message(net.State.Chain).ToArray()) };
    }

    public static ResultClaim ClaimOf(AnswerInterval interval) => new([Content("manifest"), Content("pack")], interval.Root, interval.Leaves.Count);

    public static CommitAnswers Commitment(
        this TestNetwork net, JobId endpoint, AnswerInterval answers, ulong interval = 0, ulong tokens = 100)
    {
        var task = Derived.AnswersTask(endpoint, Providers[0].Id, interval);
        var commitment = Derived.Commitment(
            net.State.Chain, task, 0, Providers[0].Id, TestRoles.Salt, ClaimOf(answers).Root());
        return new CommitAnswers(endpoint, interval, 2 * tokens, tokens, commitment);
    }

    public static void PassInterval(this TestNetwork net, JobId endpoint, ulong interval = 0)
    {
        var end = net.State.Jobs.Find(endpoint)!.Endpoint!.EndOf(interval);
        if (net.Now < end)
            net.Pass(end.Milliseconds - net.Now.Milliseconds);
    }

    /// <summary>Waits for the interval's end, commits and shows.</summary>
    public static TaskId CommitAnswers(this TestNetwork net, JobId endpoint, AnswerInterval answers, ulong interval = 0)
    {
        net.PassInterval(endpoint, interval);
        var task = Derived.AnswersTask(endpoint, Providers[0].Id, interval);
        var result = net.Apply(
            net.Sign(Providers[0], net.Commitment(endpoint, answers, interval)),
            net.Sign(Providers[0], new RevealResult(task, 0, TestRoles.Salt, ClaimOf(answers))));
        Assert.All(result.Outcomes, o => Assert.Equal(FailureCode.None, o.Code));
        return task;
    }

    public static RedeemAnswers Voucher(
        this TestNetwork net, TaskId task, ChannelId channel, ulong micro, TestKey? signer = null)
    {
        var record = net.State.Tasks.Find(task)!;
        var message = Derived.AnswerVoucher(net.State.Chain, channel, record.Job, record.Answers!.Interval, micro, Content("root"));
        return new RedeemAnswers(task, channel, micro, Content("root"), (signer ?? Gateway).Sign(message.ToArray()));
    }
}
