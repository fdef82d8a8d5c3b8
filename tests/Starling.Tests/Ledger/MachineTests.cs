using System.Globalization;
using CsCheck;
using Starling.Ledger.Applying;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>
/// Random money, stake, market, rent, auction and channel operations: after every batch the independent books in
/// numbers without bound agree, and every few batches all sums do (economy.md, I1 to I6). CsCheck prints the seed of a
/// failure. STARLING_LEDGER_OPERATIONS sets how many; a nightly run takes 10^6 and more.
/// </summary>
public class MachineTests
{
    private const int PerSequence = 2_000;
    private const int PerBatch = 10;
    private const int Sweep = 10;

    private static readonly TestKey[] s_keys = [.. Providers, .. Auditors, Owner, Gateway, Minter];

    private static int Operations { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("STARLING_LEDGER_OPERATIONS"), CultureInfo.InvariantCulture, out var n) ? n : 100_000;

    [Fact]
    public void Random_operations_keep_the_books()
    {
        var (gate, codes, good) = (new Lock(), new HashSet<FailureCode>(), new Dictionary<string, int>());
        Gen.ULong.Sample(
            seed =>
            {
                var sequence = new RandomPlayer(seed, Genesis(seed));
                for (var done = 0; done < PerSequence; done += PerBatch)
                {
                    var (bodies, outcomes) = sequence.Play(PerBatch);
                    if (done / PerBatch % Sweep == 0)
                        sequence.World.CheckAll();
                    lock (gate)
                    {
                        for (var i = 0; i < bodies.Length; i++)
                        {
                            codes.Add(outcomes[i].Code);
                            if (outcomes[i].Succeeded)
                                good[bodies[i]] = good.GetValueOrDefault(bodies[i]) + 1;
                        }
                    }
                }

                sequence.World.CheckAll();
            },
            iter: Math.Max(1, Operations / PerSequence));
        Assert.All(RandomPlayer.Kinds, kind => Assert.True(good.GetValueOrDefault(kind) > 0, $"no {kind} ever succeeded"));
        Assert.True(codes.Count >= 30, $"only {codes.Count} kinds of outcome were reached");
    }

    /// <summary>Every sequence of five operations of a tiny world, each undone to try the next.</summary>
    [Fact]
    public void Every_short_sequence_of_a_tiny_world_keeps_the_sums_and_can_be_undone()
    {
        var world = new DirectWorld(new TestNetwork(Quick with { MinBalance = 5, UnbondingMs = 1, SlotBond = 0 }).Genesis);
        var seen = 0;
        Explore(world, depth: 4, ref seen);
        Assert.True(seen > 20_000, $"{seen} states");
    }

    private static void Explore(DirectWorld world, int depth, ref int seen)
    {
        if (depth == 0)
            return;
        for (var kind = 0; kind < s_tiny.Length; kind++)
        {
            var (mark, now) = (world.State.Journal.Mark, world.Now);
            var before = depth > 2 ? world.State.NextTree().Root : default;
            var (who, body) = s_tiny[kind](world);
            world.Now = now.After(1);
            world.Run(SignAt(world, who, body));
            seen++;
            if (Conservation.Check(world.State) is { } problem)
                Assert.Fail($"{problem} after {body}");
            Explore(world, depth - 1, ref seen);
            world.State.Journal.RollBack(mark);
            world.Now = now;
            if (depth > 2)
                Assert.Equal(before, world.State.NextTree().Root);
        }
    }

    private static SignedTransaction SignAt(DirectWorld world, TestKey who, TransactionBody body) => SignedTransaction.Sign(
        new Transaction(
            world.State.Chain, who.Id, world.State.Accounts.Find(who.Id)?.Nonce ?? 0, world.Now.After(1_000), null, body), who);

    private static readonly Func<DirectWorld, (TestKey, TransactionBody)>[] s_tiny =
    [
        _ => (Owner, new Transfer(Gateway.Id, AssetKind.Credit, 7)),
        _ => (Owner, new Transfer(IdOf("new"), AssetKind.Token, 4)),
        _ => (Gateway, new CloseAccount(Owner.Id)),
        _ => (Owner, new Bond(10 * Unit)),
        _ => (Owner, new Unbond(3)),
        _ => (Providers[0], new SetPool(100_000)),
        _ => (Gateway, new DelegateStake(Providers[0].Id, 11)),
        _ => (Gateway, new UndelegateStake(Providers[0].Id, 4)),
        _ => (Gateway, new FundRent(1)),
        w => (Gateway, new WithdrawRent(1)),
        _ => (Owner, new OpenChannel(Gateway.Id, 9)),
        w => (Gateway, w.State.Channels.InOrder() is [var c, ..] ? new CloseChannel(c.Id) : new Bond(1)),
        w => (Providers[0], new PostOffer("cpu", "eu", 1, 1, 1, w.Now.After(2))),
    ];

    private static GenesisRecord Genesis(ulong seed) => new TestNetwork(Quick with
    {
        Fee = seed % 3,
        FeeCeiling = 50,
        TargetWeight = 8,
        UnbondingMs = 20_000,
        ChannelCloseMs = 5_000,
        NoticeMs = 3_000,
        LowWaterMs = 2_000,
        HeartbeatMs = 4_000,
        LongestValidMs = 3_600_000,
        RuleNotice = 20,
        PlantJackpot = 2_001,
        PlantMs = 9_000,
        RetainMs = 30_000,
        AuctionDeposit = 5_001,
        BidBond = 1_003,
    }).Genesis;

    /// <summary>Draws operations from one seed.</summary>
    private sealed class RandomPlayer(ulong seed, GenesisRecord genesis)
    {
        private static readonly Func<RandomPlayer, (TestKey, TransactionBody)>[] s_moves =
        [
            p => (p.Key(), new Transfer(p.Key().Id, p.Asset(), p.Some())),
            p => (p.Below(4) == 0 ? p.Key() : Minter, new Mint(p.Key().Id, p.Asset(), p.Some())),
            p => (p.Key(), new Bond(p.Some())),
            p => (p.Key(), new Unbond(p.Some())),
            p => (p.Provider(), new SetPool(p.Below(200_000))),
            p => (p.Key(), new DelegateStake(p.Provider().Id, p.Some())),
            p => (p.Key(), new UndelegateStake(p.Provider().Id, p.Some())),
            p => (p.Key(), new ClaimRewards(p.Provider().Id)),
            p => (p.Provider(), new PostOffer("cpu", "eu", 1 + (int)p.Below(2), 1024, p.Below(4) * 1_000, p.World.Now.After(1 + (long)p.Below(60_000)))
            {
                SecondPrice = p.Below(3) * 777,
            }),
            p => (p.Provider(), p.World.State.Offers.InOrder() is { Count: > 0 } o
                ? new WithdrawOffer(o[(int)p.Below((ulong)o.Count)].Id) : new Bond(1)),
            p => (p.Provider(), p.World.State.Offers.InOrder() is { Count: > 0 } o
                ? new RepriceOffer(o[(int)p.Below((ulong)o.Count)].Id, p.Below(4) * 1_000) { SecondPrice = p.Below(3) * 777 } : new Bond(1)),
            p => (Owner, new OpenJob(
                Content("job"), 1_000_000, p.Below(4) * 1_000, 1 + p.Some(), 1, "cpu", "", 1, p.World.Now.After(1 + (long)p.Below(30_000)),
                Verification.None, Gateway.Id)),
            p => (Owner, p.World.State.Jobs.InOrder() is { Count: > 0 } j
                ? new CancelJob(j[(int)p.Below((ulong)j.Count)].Id) : new Bond(1)),
            p => p.Below(10) > 0 ? (Owner, new Bond(1)) : (p.Below(8) == 0 ? p.Key() : RulesKey, p.Announcement()),
            p => p.Below(4) == 0 ? (Sentinel, new PlantError(Content($"plant {p.Below(1_000)}"))) : (p.Key(), new FundSentinels(p.Some())),
            p => (p.Below(6) == 0 ? p.Key() : Minter, new SetGrant(p.Key().Id, p.Below(4) * 20_000, 1_000 + (long)p.Below(9_000), p.Below(9))),
            p => (p.Below(6) == 0 ? p.Key() : Minter, new Vouch(p.Key().Id, (int)p.Below(3))),
            p => p.Below(10) > 0 ? (Owner, new Bond(1)) : (Producer, new RenewBeacon(Content("tip"), p.World.State.Height + p.Below(60))),
            p => (p.Key(), new FundRent(p.Some())),
            p => (p.Key(), new WithdrawRent(p.Some())),
            p => (p.Key(), p.World.State.Offers.InOrder() is { Count: > 0 } o
                ? new RentMachine(o[(int)p.Below((ulong)o.Count)].Id, 2_000, p.World.Now.After((long)p.Below(60_000))) : new Bond(1)),
            p => p.OnLease(static (w, l) => (Find(l.Provider), Beat(w, l.Id, Find(l.Tenant), l.Beats + 1))),
            p => p.OnLease(static (w, l) => (Find(l.Provider), Beat(w, l.Id, Find(l.Tenant), l.Beats + 1))),
            p => p.OnLease(static (w, l) => (Find(l.Provider), new ClaimRent(l.Id))),
            p => p.OnLease(static (w, l) => (Find(l.Provider), new GiveNotice(l.Id))),
            p => p.OnLease((w, l) => (Find(p.Below(2) == 0 ? l.Provider : l.Tenant), new EndMachineLease(l.Id))),
            p => (p.Key(), new OpenAuction("", "", 1, 0, 1 + p.Below(2_000), 10_000, 3_000, 3_000, 3_000)),
            p => p.OnAuction((w, a) => p.Commitment(w, a.Id)),
            p => p.OnAuction((w, a) => p.Commitment(w, a.Id)),
            p => p.OnAuction((w, a) => p.Opening(a)),
            p => p.OnAuction((w, a) => p.Opening(a)),
            p => p.OnAuction((w, a) => (Find(a.Owner), new ChooseBid(a.Id, p.Provider().Id))),
            p => p.OnAuction((w, a) => (Find(a.Owner), new ChooseBid(a.Id, p.Provider().Id))),
            p => p.OnAuction((w, a) => (Find(a.Owner), new ChooseBid(a.Id, p.Provider().Id))),
            p => (p.Key(), new OpenChannel(p.Key().Id, 1 + p.Some())),
            p => p.OnChannel((w, c) => (Find(c.Payer), new TopUpChannel(c.Id, p.Some()))),
            p => p.OnChannel((w, c) => (Find(c.Payer), new SetChannelKey(c.Id, p.Key().Id, p.Some(), (long)p.Below(3) * 2_000))),
            p => p.OnChannel((w, c) => (Find(c.Payer), new RevokeChannelKey(c.Id, p.Key().Id))),
            p => p.OnChannel((w, c) => (Find(c.Payee), p.Voucher(w, c))),
            p => p.OnChannel((w, c) => (Find(c.Payee), p.Voucher(w, c))),
            p => p.Below(5) > 0 ? (Owner, new Bond(1)) : p.OnChannel((w, c) => (Find(p.Below(2) == 0 ? c.Payer : c.Payee), new CloseChannel(c.Id))),
            p => p.Below(20) > 0 ? (Owner, new Bond(1)) : (p.Key(), new CloseAccount(p.Key().Id)),
            p => p.OnJob((w, j) => (Gateway, new OpenEndpoint(j.Id, AnswerRoles.Terms with { IntervalMs = 1_500, PromptWork = p.Below(9) * 1_000_000 }))),
            p => p.OnServed((w, l) => p.Answers(w, l)),
            p => p.OnServed((w, l) => p.Answers(w, l)),
            p => p.OnServed((w, l) => p.Answers(w, l)),
            p => p.OnAnswers((w, t) => (Find(t.Current.Provider), new RevealResult(t.Id, 0, TestRoles.Salt, p.Claim(t.Job)))),
            p => p.OnAnswers((w, t) => p.AnswerVoucher(w, t)),
            p => p.OnAnswers((w, t) => p.AnswerVoucher(w, t)),
            p => p.OnAnswers((w, t) => p.Below(4) == 0 ? p.Missing(w, t.Job, Find(t.Current.Provider), t.Answers!.Interval) : (Owner, new Bond(1))),
            p => p.OnServed((w, l) => p.Below(8) > 0 ? (Owner, new Bond(1)) : p.Missing(
                w, l.Job, Find(l.Provider), w.State.Jobs.Find(l.Job)!.Endpoint!.IntervalAt(w.Now) - p.Below(4))),
        ];

        private ulong _random = seed;

        /// <summary>What at least once must succeed.</summary>
        public static string[] Kinds { get; } =
        [
            "Transfer", "Mint", "Bond", "Unbond", "SetPool", "DelegateStake", "UndelegateStake", "PostOffer", "WithdrawOffer",
            "OpenJob", "CancelJob", "FundRent", "WithdrawRent", "RentMachine", "Heartbeat", "ClaimRent", "GiveNotice",
            "EndMachineLease", "OpenAuction", "CommitBid", "RevealBid", "ChooseBid", "OpenChannel", "TopUpChannel",
            "SetChannelKey", "RevokeChannelKey", "RedeemVoucher", "CloseChannel", "CloseAccount",
            "OpenEndpoint", "CommitAnswers", "RevealResult", "RedeemAnswers", "ReportMissing", "SetGrant", "Vouch", "FundSentinels", "PlantError", "AnnounceRules", "RenewBeacon", "RepriceOffer",
        ];

        public DirectWorld World { get; } = new(genesis);

        public (string[] Bodies, IReadOnlyList<Outcome> Outcomes) Play(int count)
        {
            World.Now = World.Now.After((long)(Below(3) == 0 ? Below(2_500) : 0));
            var signed = new SignedTransaction[count];
            for (var i = 0; i < count; i++)
            {
                var (who, body) = s_moves[Below((ulong)s_moves.Length)](this);
                signed[i] = World.Sign(who, body);
            }

            return ([.. signed.Select(s => s.Transaction.Body.GetType().Name)], World.Apply(signed));
        }

        private static TestKey Find(Starling.Protocol.Identity.NodeId id) => s_keys.FirstOrDefault(k => k.Id == id) ?? Owner;

        private static Heartbeat Beat(DirectWorld world, MachineLeaseId lease, TestKey tenant, ulong number) =>
            new(lease, number, tenant.Sign(Heartbeat.Message(world.State.Chain, lease, number).ToArray()));

        private ulong Below(ulong limit)
        {
            _random = (_random * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            return (ulong)((UInt128)(_random ^ (_random >> 29)) * limit >> 64);
        }

        private TestKey Key() => s_keys[Below((ulong)s_keys.Length)];

        private TestKey Provider() => Providers[Below(4)];

        private AssetKind Asset() => (AssetKind)(1 + Below(2));

        /// <summary>Small, ordinary or enormous.</summary>
        private ulong Some() => Below(12) switch
        {
            0 => 0,
            1 => Below(1_000),
            2 => ulong.MaxValue - Below(3),
            _ => Below(50_000),
        };

        private (TestKey, TransactionBody) OnLease(
            Func<DirectWorld, Starling.Ledger.Records.MachineLeaseRecord, (TestKey, TransactionBody)> act) =>
            World.State.MachineLeases.InOrder() is { Count: > 0 } l ? act(World, l[(int)Below((ulong)l.Count)]) : (Owner, new Bond(1));

        private (TestKey, TransactionBody) OnAuction(
            Func<DirectWorld, Starling.Ledger.Records.AuctionRecord, (TestKey, TransactionBody)> act) =>
            World.State.Auctions.InOrder() is { Count: > 0 } a ? act(World, a[(int)Below((ulong)a.Count)]) : (Owner, new Bond(1));

        private (TestKey, TransactionBody) OnChannel(
            Func<DirectWorld, Starling.Ledger.Records.ChannelRecord, (TestKey, TransactionBody)> act) =>
            World.State.Channels.InOrder() is { Count: > 0 } c ? act(World, c[(int)Below((ulong)c.Count)]) : (Owner, new Bond(1));

        private (TestKey, TransactionBody) OnJob(
            Func<DirectWorld, Starling.Ledger.Records.JobRecord, (TestKey, TransactionBody)> act) =>
            World.State.Jobs.InOrder() is { Count: > 0 } j ? act(World, j[(int)Below((ulong)j.Count)]) : (Owner, new Bond(1));

        /// <summary>A lease of a job that serves a model; an order for one where there is none.</summary>
        private (TestKey, TransactionBody) OnServed(
            Func<DirectWorld, Starling.Ledger.Records.LeaseRecord, (TestKey, TransactionBody)> act)
        {
            var served = World.State.Leases.InOrder().Where(l => World.State.Jobs.Find(l.Job)!.Endpoint is not null).ToArray();
            return served.Length > 0 ? act(World, served[Below((ulong)served.Length)]) : (Owner, new OpenJob(
                Content("serve"), 1_000_000_000_000, 10_000, 50_000, 1, "cpu", "", 1, World.Now.After(20_000), Verification.None, Gateway.Id));
        }

        private (TestKey, TransactionBody) OnAnswers(
            Func<DirectWorld, Starling.Ledger.Records.TaskRecord, (TestKey, TransactionBody)> act)
        {
            var open = World.State.Tasks.InOrder().Where(t => t.Answers is not null && t.Current.IsOpen).ToArray();
            return open.Length > 0 ? act(World, open[Below((ulong)open.Length)]) : (Owner, new Bond(1));
        }

        private Starling.Protocol.Answers.AnswerInterval Interval(JobId job) => AnswerRoles.IntervalOf(AnswerRoles.Answer(job, 1));

        private ResultClaim Claim(JobId job) => AnswerRoles.ClaimOf(Interval(job));

        private (TestKey, TransactionBody) Answers(DirectWorld world, Starling.Ledger.Records.LeaseRecord lease)
        {
            var interval = world.State.Jobs.Find(lease.Job)!.Endpoint!.IntervalAt(world.Now) - 1 + Below(2);
            var task = Derived.AnswersTask(lease.Job, lease.Provider, interval);
            var commitment = Derived.Commitment(
                world.State.Chain, task, 0, lease.Provider, TestRoles.Salt, Claim(lease.Job).Root());
            return (Find(lease.Provider), new CommitAnswers(lease.Job, interval, Below(9), 1 + Below(99), commitment));
        }

        private (TestKey, TransactionBody) AnswerVoucher(DirectWorld world, Starling.Ledger.Records.TaskRecord task)
        {
            var provider = task.Current.Provider;
            var channel = world.State.Channels.InOrder().FirstOrDefault(c => c.Payer == Gateway.Id && c.Payee == provider);
            if (channel is null)
                return (Gateway, new OpenChannel(provider, 1 + Some()));
            var micro = Some();
            var message = Derived.AnswerVoucher(world.State.Chain, channel.Id, task.Job, task.Answers!.Interval, micro, Content("r"));
            return (Find(provider), new RedeemAnswers(task.Id, channel.Id, micro, Content("r"), Gateway.Sign(message.ToArray())));
        }

        private (TestKey, TransactionBody) Missing(DirectWorld world, JobId job, TestKey worker, ulong interval)
        {
            var dropped = AnswerRoles.Answer(job, 2);
            var chunk = new Starling.Protocol.Answers.SignedChunk(
                job, worker.Id, dropped.Request.Hash(), interval, 0, dropped.Roots()[0], worker.Sign([1]));
            chunk = chunk with { Signature = worker.Sign(chunk.Message(world.State.Chain).ToArray()) };
            return (Key(), new ReportMissing(Interval(job).ProveMissing(chunk, default)!));
        }

        private (TestKey, TransactionBody) Commitment(DirectWorld world, AuctionId auction)
        {
            var bidder = Provider();
            var mine = world.State.Offers.InOrder().FirstOrDefault(o => o.Provider == bidder.Id);
            var commitment = Derived.BidCommitment(
                world.State.Chain, auction, bidder.Id, mine?.Id ?? default, 1, TestRoles.Salt);
            return (bidder, new CommitBid(auction, commitment, 1_003 + Below(3_000)));
        }

        private (TestKey, TransactionBody) Opening(Starling.Ledger.Records.AuctionRecord auction)
        {
            if (auction.Bids.Length == 0)
                return (Owner, new Bond(1));
            var bidder = auction.Bids[Below((ulong)auction.Bids.Length)].Bidder;
            var mine = World.State.Offers.InOrder().FirstOrDefault(o => o.Provider == bidder);
            return (Find(bidder), new RevealBid(auction.Id, mine?.Id ?? default, 1, TestRoles.Salt));
        }

        /// <summary>Other fees and bonds, in force within some batches.</summary>
        private AnnounceRules Announcement() => new(new RuleChange(World.State.Height + 1 + Below(60), World.State.Rules with
        {
            Fee = Below(3),
            FairShare = Below(2) == 0,
            VouchRequired = Below(4) == 0,
            FeeCeiling = 10 + Below(60),
            TargetWeight = Below(12),
            MinBalance = Below(2_000),
            SlotBond = Below(3) * Unit,
            PoolLimitPpm = Below(20_000_000),
            AuctionDeposit = 5_001 + Below(3),
            HeartbeatMs = 2_000 + (long)Below(4_000),
            LeaseBondMs = (long)Below(60_000),
        }));

        private RedeemVoucher Voucher(DirectWorld world, Starling.Ledger.Records.ChannelRecord channel)
        {
            var key = channel.Keys[Below((ulong)channel.Keys.Length)];
            var (period, micro) = (key.PeriodAt(world.Now) + 1 - Below(3), Some());
            var message = RedeemVoucher.Message(world.State.Chain, channel.Id, key.Key, period, micro).ToArray();
            return new RedeemVoucher(channel.Id, key.Key, period, micro, Find(key.Key).Sign(message));
        }
    }
}
