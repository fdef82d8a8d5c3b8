using Starling.Ledger.Applying;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Of several reasons the first in the order of the rules is reported, so every replica reports the same.</summary>
public class CheckOrderTests
{
    /// <summary>What is wrong with an envelope, in the order in which it is checked.</summary>
    private static readonly (FailureCode Code, Func<TestNetwork, Transaction, Transaction> Spoil)[] s_envelope =
    [
        (FailureCode.WrongChain, (_, t) => t with { Chain = new ChainId(Content("other")) }),
        (FailureCode.Expired, (net, t) => t with { ValidUntil = new(net.Now.Milliseconds - 1) }),
        (FailureCode.NonceTooHigh, (_, t) => t with { Nonce = t.Nonce + 1 }),
        (FailureCode.FeeAboveLimit, (_, t) => t with { MostFee = 1 }),
        (FailureCode.FeeUnpaid, (_, t) => t with { FeePayer = Providers[0].Id }),
    ];

    [Fact]
    public void An_envelope_wrong_in_many_ways_is_refused_for_the_first()
    {
        for (var from = 0; from < s_envelope.Length; from++)
        {
            var net = new TestNetwork(TestNetwork.Quick with { Fee = 2 * Unit, FeeCeiling = 2 * Unit });
            var transaction = new Transaction(net.State.Chain, Owner.Id, 0, net.Now.After(1), null, new Bond(0));
            foreach (var (_, spoil) in s_envelope[from..].Reverse())
                transaction = spoil(net, transaction);
            var signed = SignedTransaction.Sign(transaction, Owner, transaction.FeePayer is null ? null : Providers[0]);
            Assert.Equal(s_envelope[from].Code, Assert.Single(net.Machine.Propose(net.State, [signed], net.Now, net.NextBeacon).Dropped).Code);
        }
    }

    [Fact]
    public void A_body_wrong_in_many_ways_is_refused_for_the_first()
    {
        var net = AuditCases.Started(TestNetwork.Quick, out var task);
        var (none, stranger) = (new TaskId(Content("none")), new TestKey("stranger"));
        (FailureCode, TestKey, TransactionBody)[] rows =
        [
            (FailureCode.ZeroAmount, stranger, new Mint(Owner.Id, AssetKind.Credit, 0)),
            (FailureCode.NotAllowed, stranger, new Mint(Owner.Id, AssetKind.Credit, ulong.MaxValue)),
            (FailureCode.ZeroAmount, stranger, new OpenJob(default, 0, 0, 1, 1, "", "", 0, new(0), Verification.None, stranger.Id)),
            (FailureCode.DeadlinePassed, stranger, new OpenJob(default, 1, 0, 1, 1, "", "", 0, new(0), Verification.None, stranger.Id)),
            (FailureCode.UnnamedCapability, stranger, new PostOffer("", "", 1, 1, 1, new(0))),
            (FailureCode.DeadlinePassed, stranger, new PostOffer("cpu", "", 5, 1, 1, new(0))),
            (FailureCode.UnknownJob, stranger, new IssueTasks(new(Content("none")), [])),
            (FailureCode.UnknownTask, stranger, new CommitResult(none, 9, default)),
            (FailureCode.WrongAttempt, stranger, new CommitResult(task, 9, default)),
            (FailureCode.NotWorker, stranger, new CommitResult(task, 0, default)),
            (FailureCode.UnknownTask, Providers[0], new OpenChunks(none, 9, 60, 0, 1)),
            (FailureCode.WrongAttempt, Providers[0], new OpenChunks(task, 9, 60, 0, 1)),
            (FailureCode.OwnResult, Providers[0], new OpenChunks(task, 0, 60, 0, 1)),
            (FailureCode.IndexOutOfRange, stranger, new OpenChunks(task, 0, 60, 0, 1)),
            (FailureCode.CreditsShort, stranger, new OpenChunks(task, 0, 0, 0, 1)),
            (FailureCode.NotAllowed, stranger, new AnnounceRules(new(1, TestNetwork.Quick))),
            (FailureCode.NotAllowed, stranger, new RevealPlant(none, 9, default)),
            (FailureCode.UnknownPlant, Sentinel, new RevealPlant(none, 9, default)),
        ];
        foreach (var (code, sender, body) in rows)
            Assert.Equal((body.GetType().Name, code), (body.GetType().Name, net.Refused(sender, body)));
    }
}
