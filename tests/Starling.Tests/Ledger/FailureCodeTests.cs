using Starling.Ledger.Applying;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>One row per failure code. Each case also checks the books, and that only nonce and fee changed.</summary>
public class FailureCodeTests
{
    private static readonly Dictionary<FailureCode, Func<FailureCode>> s_cases =
        new(MoneyCases.All.Concat(PoolCases.All).Concat(RentCases.All).Concat(WorkCases.All).Concat(AuditCases.All).Concat(AnswerCases.All));

    public static TheoryData<FailureCode> Codes => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code(FailureCode code) => Assert.Equal(code, s_cases[code]());

    [Fact]
    public void Every_code_has_a_case() => Assert.Equal(
        Enum.GetValues<FailureCode>().Where(c => c != FailureCode.None), s_cases.Keys.Order());

    [Fact]
    public void The_documentation_lists_every_code_in_order()
    {
        var rows = File.ReadLines(Path.Combine(Architecture.Repository.Root, "docs", "ledger.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && l.Contains(" | `", StringComparison.Ordinal))
            .Select(l => string.Join(' ', l.Split('|', StringSplitOptions.TrimEntries)[1..3]));
        Assert.Equal(Enum.GetValues<FailureCode>().Select(c => $"{(int)c} `{c}`"), rows);
    }
}

/// <summary>Runs a failing transaction and checks that it left everything but nonce and fee alone.</summary>
internal static class Failing
{
    public static FailureCode Refused(this TestNetwork net, TestKey sender, TransactionBody body)
    {
        // A transaction of the same sender that does nothing is the measure: same nonce, same fee, same batch.
        var before = Snapshotted(net);
        var code = net.Try(sender, body);
        var idle = Starling.Ledger.State.GenesisState.Create(net.Genesis);
        foreach (var bytes in net.Log.Take(before))
            net.Machine.Apply(idle, Starling.Protocol.Encoding.RecordCodec.Decode<Starling.Protocol.Batches.Batch>(bytes));
        var nothing = new Transfer(sender.Id, AssetKind.Credit, 0);
        var nonce = idle.Accounts.Find(sender.Id)?.Nonce ?? 0;
        var signed = SignedTransaction.Sign(
            new Transaction(idle.Chain, sender.Id, nonce, net.Now.After(1), null, nothing), sender);
        var proposal = net.Machine.Propose(idle, [signed], net.Now, net.Beacon(idle.Height + 1));
        Assert.Equal(proposal.Header.State, net.State.Root);
        return code;
    }

    private static int Snapshotted(TestNetwork net) => net.Log.Count;
}

/// <summary>Envelope, money, stake and market.</summary>
internal static class MoneyCases
{
    public static Dictionary<FailureCode, Func<FailureCode>> All { get; } = new()
    {
        [FailureCode.WrongChain] = () => Dropped((net, t) => t with { Chain = new ChainId(Content("other")) }),
        [FailureCode.Expired] = () => Dropped((net, t) => t with { ValidUntil = new(net.Now.Milliseconds - 1) }),
        [FailureCode.NonceUsed] = () => Dropped((net, t) => t with { Nonce = t.Nonce - 1 }),
        [FailureCode.NonceTooHigh] = () => Dropped((net, t) => t with { Nonce = t.Nonce + 1 }),
        [FailureCode.FeeUnpaid] = () =>
        {
            var net = new TestNetwork(TestNetwork.Quick with { Fee = Unit + 1 });
            return net.Machine.Propose(net.State, [net.Sign(Owner, new Bond(1))], net.Now, net.NextBeacon).Dropped[0].Code;
        },
        [FailureCode.ValidTooLong] = () => Dropped((net, t) => t with { ValidUntil = net.Now.After(Rules.Local.LongestValidMs + 1) }),
        [FailureCode.FeeAboveLimit] = () =>
            Dropped((net, t) => t with { MostFee = 6 }, TestNetwork.Quick with { Fee = 7 }),
        [FailureCode.Overflow] = () =>
        {
            var net = new TestNetwork(TestNetwork.Quick with { SpotSurchargePpm = 1_000_000_000_000_000 });
            net.PostOffer(Providers[0], price: ulong.MaxValue);
            var job = net.OpenJob(net.Order(maxPrice: ulong.MaxValue) with { WorkLimit = ulong.MaxValue });
            return net.Refused(Gateway, new IssueTasks(job, [TestRoles.Task("a", Providers[0], work: ulong.MaxValue)]));
        },
        [FailureCode.ZeroAmount] = () => new TestNetwork().Refused(Owner, new Transfer(Gateway.Id, AssetKind.Credit, 0)),
        [FailureCode.NotAllowed] = () => new TestNetwork().Refused(Owner, new Mint(Owner.Id, AssetKind.Credit, 1)),
        [FailureCode.DeadlinePassed] = () =>
        {
            var net = new TestNetwork();
            return net.Refused(Owner, net.Order() with { Deadline = net.Now });
        },
        [FailureCode.NoticeShort] = () =>
        {
            var net = new TestNetwork();
            Assert.Equal(FailureCode.NoticeShort, net.Refused(Producer, new RenewBeacon(Content("tip"), net.State.Height + 3)));
            return net.Refused(RulesKey, new AnnounceRules(new(net.State.Height + TestNetwork.Quick.RuleNotice, TestNetwork.Quick)));
        },
        [FailureCode.TooManyChanges] = () =>
        {
            var net = new TestNetwork();
            for (ulong i = 0; i < GenesisRecord.MaxChanges; i++)
                net.Do(RulesKey, new AnnounceRules(new(1_000 + i, TestNetwork.Quick)));
            net.Do(RulesKey, new AnnounceRules(new(1_003, TestNetwork.Quick)));
            return net.Refused(RulesKey, new AnnounceRules(new(999, TestNetwork.Quick)));
        },
        [FailureCode.AlreadyAnnounced] = () =>
        {
            var net = new TestNetwork();
            net.Do(Producer, new RenewBeacon(Content("tip"), 1_000));
            return net.Refused(Producer, new RenewBeacon(Content("tip"), 1_000));
        },
        [FailureCode.CreditsShort] = () =>
            new TestNetwork().Refused(Owner, new Transfer(Gateway.Id, AssetKind.Credit, (1_000 * Unit) + 1)),
        [FailureCode.TokensShort] = () => new TestNetwork().Refused(Owner, new Bond((10 * Unit) + 1)),
        [FailureCode.SupplyExceeded] = () =>
            new TestNetwork().Refused(Minter, new Mint(Owner.Id, AssetKind.Token, Rules.Local.MaxSupply)),
        [FailureCode.StakeShort] = () => new TestNetwork().Refused(Owner, new Unbond(1)),
        [FailureCode.TooManyUnbonding] = () =>
        {
            var net = new TestNetwork();
            for (var i = 0; i < 7; i++)
                net.Do(Providers[0], new Unbond(1));
            return net.Refused(Providers[0], new Unbond(1));
        },
        [FailureCode.Barred] = () =>
        {
            var net = new TestNetwork();
            net.PostOffer(Providers[0]);
            net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
            net.Pass(21_001);
            return net.Refused(Providers[0], new PostOffer("cpu", "", 1, 1, 1, net.Now.After(1)));
        },
        [FailureCode.AlreadyAuditor] = () =>
        {
            var net = new TestNetwork();
            net.Enrol(Auditors[0]);
            return net.Refused(Auditors[0], new EnrolAuditor(Content("again")));
        },
        [FailureCode.NotAuditor] = () => new TestNetwork().Refused(Owner, new LeaveAuditing()),
        [FailureCode.TooManyAuditors] = () =>
        {
            var net = new TestNetwork(TestNetwork.QuickLab);
            net.Apply([.. Enumerable.Range(0, 256).Select(
                i => net.Sign(new TestKey($"auditor {i}"), new EnrolAuditor(Content("tip"))))]);
            return net.Refused(Auditors[0], new EnrolAuditor(Content("tip")));
        },
        [FailureCode.NotVouched] = () =>
        {
            var net = new TestNetwork(TestNetwork.QuickLab with { VouchRequired = true });
            net.Do(Minter, new Vouch(Providers[0].Id, 1));
            Assert.Equal(FailureCode.NotVouched, net.Refused(Auditors[0], new EnrolAuditor(Content("tip"))));
            return net.Refused(Providers[0], new PostOffer("cpu", "", 2, 1, 1, net.Now.After(1)));
        },
        [FailureCode.UnknownOffer] = () => new TestNetwork().Refused(Owner, new WithdrawOffer(new(Content("none")))),
        [FailureCode.OfferOffBook] = () =>
        {
            var net = new TestNetwork();
            var offer = net.PostOffer(Providers[0]);
            net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
            net.Do(Providers[0], new WithdrawOffer(offer));
            return net.Refused(Providers[0], new WithdrawOffer(offer));
        },
        [FailureCode.UnknownJob] = () => new TestNetwork().Refused(Owner, new CancelJob(new(Content("none")))),
        [FailureCode.JobNotOpen] = () =>
        {
            var net = new TestNetwork();
            var job = net.OpenJob();
            net.Do(Owner, new CancelJob(job));
            return net.Refused(Owner, new TopUpJob(job, 1));
        },
        [FailureCode.UnnamedCapability] = () =>
        {
            var net = new TestNetwork();
            return net.Refused(Providers[0], new PostOffer("", "", 1, 1, 1, net.Now.After(1)));
        },
    };

    /// <summary>The code of a transaction that a proposer leaves out, and the same when a batch holds it nevertheless.</summary>
    private static FailureCode Dropped(Func<TestNetwork, Transaction, Transaction> change, Rules? rules = null)
    {
        var net = new TestNetwork(rules);
        net.Do(Owner, new Bond(1));
        var plain = new Transaction(net.State.Chain, Owner.Id, 1, net.Now.After(1), null, new Bond(1));
        var signed = SignedTransaction.Sign(change(net, plain), Owner);
        var proposal = net.Machine.Propose(net.State, [signed], net.Now, net.NextBeacon);
        Assert.Empty(proposal.Transactions);
        var header = proposal.Header with { Transactions = Starling.Protocol.Batches.Batch.RootOf([signed]) };
        var batch = new Starling.Protocol.Batches.Batch(
            Starling.Protocol.Batches.SignedHeader.Sign(header, Producer), [signed]);
        var outcome = Assert.Single(net.Machine.Apply(net.State, batch).Outcomes);
        Assert.Equal(proposal.Dropped[0], outcome);
        return outcome.Code;
    }
}
