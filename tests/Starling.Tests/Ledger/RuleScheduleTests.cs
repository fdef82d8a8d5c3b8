using Starling.Ledger.Applying;
using Starling.Ledger.Checking;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Rules are data chosen by height: a change is seen from its height on and nowhere before.</summary>
public class RuleScheduleTests
{
    private const ulong ChangeAt = 12;

    private static readonly Rules s_dear = TestNetwork.Quick with
    {
        Fee = 1_000,
        FeeCeiling = 1_000,
        UnreliablePpm = 1_000_000,
        SlotBond = 300 * Unit,
        ReissueMs = 1,
    };

    [Fact]
    public void A_change_in_genesis_takes_effect_at_its_height()
    {
        var net = new TestNetwork(changes: [new(ChangeAt, s_dear)]);
        Play(net, ChangeAt - 1);
        Assert.Equal((TestNetwork.Quick, s_dear), (net.State.Rules, net.State.NextRules));
        Assert.Equal(0ul, net.State.Network.Price);
        net.Do(Owner, new Transfer(Gateway.Id, AssetKind.Credit, 1_000));
        Assert.Equal(s_dear, net.State.Rules);
        Assert.Contains(net.Events, e => e is RulesChanged { Height: ChangeAt });
        Assert.Equal(1_000ul, net.State.Network.Price);
        Assert.Equal(FailureCode.StakeShort, net.Try(Providers[3], Offer(net, slots: 4)));
    }

    [Fact]
    public void No_record_but_the_announcement_differs_before_the_height_of_a_change()
    {
        var (changing, plain) = (new TestNetwork(), new TestNetwork());
        var height = TestNetwork.Quick.RuleNotice + 1;
        changing.Do(RulesKey, new AnnounceRules(new(height, s_dear)));
        Assert.Equal(FailureCode.ZeroAmount, plain.Try(RulesKey, new Bond(0)));
        foreach (var net in new[] { plain, changing })
            Play(net, height - 1);
        Assert.Equal(Records(plain), Records(changing));
        plain.Apply();
        changing.Apply();
        Assert.NotEqual(Records(plain), Records(changing));
    }

    [Fact]
    public void An_announced_change_alters_no_root_before_it_and_replays_from_the_log_and_from_every_snapshot()
    {
        var net = Announced();
        Assert.Equal(s_dear, net.State.Rules);
        var replica = GenesisState.Create(net.Genesis);
        foreach (var bytes in net.Log)
        {
            var batch = RecordCodec.Decode<Batch>(bytes);
            var restored = RecordCodec.Decode<Snapshot>(RecordCodec.Encode(Snapshot.Of(replica))).Restore(net.Genesis);
            var (a, b) = (net.Machine.Apply(replica, batch, true), net.Machine.Apply(restored, batch, true));
            Assert.True(a.Applied);
            Assert.True(b.Applied);
            Assert.Equal(a.Events, b.Events);
            Assert.Equal(batch.Header.Header.State, restored.Root);
            Assert.Equal(replica.Index.Book.Count, restored.Index.Book.Count);
        }

        var log = net.Log.ConvertAll(b => RecordCodec.Decode<Batch>(b));
        Assert.Null(new LedgerCheck(net.Genesis, TestKey.Scheme, null).Run(log).Problem);
    }

    [Fact]
    public void What_was_agreed_before_a_change_stays_as_agreed()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("a", Providers[0]));
        var (before, lease) = (net.Attempt(task), net.State.LeasesOf(job)[0]);
        Announce(net, s_dear with { TaskBaseMs = 1, MinBondPpm = 9_000_000, StakeRequired = false });
        Assert.Equal(before, net.Attempt(task));
        Assert.Equal(lease, net.State.LeasesOf(job)[0]);
        net.Deliver(Providers[0], task);
        net.Audit(Auditors);
        net.Pass(2_000);
        Assert.Equal(AttemptStatus.Final, net.Attempt(task).Status);
        Assert.Equal(Tokens.Zero, net.State.Stakes.Find(Providers[0].Id)!.Locked);
    }

    [Fact]
    public void A_proposal_across_a_change_leaves_the_book_as_it_was()
    {
        var net = new TestNetwork(changes: [new(4, s_dear with { StakeRequired = false })]);
        net.PostOffer(Providers[0]);
        net.Do(Providers[0], new Bond(5));
        net.Do(Owner, new Bond(5));
        var before = net.State.Index.Book.Count;
        var first = net.Machine.Propose(net.State, [], net.Now, net.NextBeacon).Header;
        Assert.Equal(before, net.State.Index.Book.Count);
        Assert.Equal(first, net.Machine.Propose(net.State, [], net.Now, net.NextBeacon).Header);
        net.Apply();
        Assert.Equal(first.State, net.State.Root);
    }

    [Fact]
    public void Other_rules_rank_the_offers_that_stand()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0], price: 100_000);
        net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
        net.Pass(60_000);
        net.Pass(10_000);
        Assert.Equal(1, net.State.Stakes.Find(Providers[0].Id)!.NoShows);
        Announce(net, s_dear);
        // A missed deadline now doubles the price that is held against an order's highest.
        var job = new JobId(net.Apply(net.Sign(Sponsor, net.Order(maxPrice: 150_000, escrow: 500_000))).Outcomes[0].Transaction.Hash);
        net.Apply();
        net.Apply();
        Assert.Equal(0, net.State.Jobs.Find(job)!.ActiveLeases);
        Assert.All(
            Starling.Ledger.Market.Fitting.Explain(net.State, job),
            f => Assert.Equal(Starling.Ledger.Market.MatchReason.Unreliable, f.Reason));
    }

    [Fact]
    public void One_proof_under_a_header_shows_the_rules_in_force_and_those_to_come()
    {
        var net = new TestNetwork(changes: [new(ChangeAt, s_dear)]);
        net.Apply();
        var (key, bytes) = (StateKey.RuleBook, net.State.Encoded(StateKey.RuleBook)!);
        Assert.True(StateProof.Verify(net.State.Root, key, bytes, net.State.Prove(key)));
        var book = RecordCodec.Decode<RuleBookRecord>(bytes);
        Assert.Equal((TestNetwork.Quick, s_dear), (book.Current, book.At(ChangeAt)));
    }

    [Fact]
    public void Only_the_rules_key_announces_and_rules_that_contradict_themselves_are_no_record()
    {
        var net = new TestNetwork();
        Assert.Equal(FailureCode.NotAllowed, net.Try(Producer, new AnnounceRules(new(1_000, s_dear))));
        Assert.Equal(FailureCode.NotAllowed, net.Try(RulesKey, new RenewBeacon(Content("tip"), 1_000)));
        var bad = new RuleChange(9, s_dear with { ReporterPpm = 900_000, VictimPpm = 200_000 });
        Assert.Throws<DecodeException>(() => RecordCodec.Decode<RuleChange>(RecordCodec.Encode(bad)));
        Assert.Throws<ArgumentException>(() => new TestNetwork(changes: [bad]));
        Assert.Throws<ArgumentException>(() => new TestNetwork(changes: [new(9, s_dear), new(9, s_dear)]));
    }

    [Fact]
    public void The_log_goes_on_with_another_chain_of_beacons_from_the_height_that_was_fixed()
    {
        var net = new TestNetwork { LaterBeacons = Chain("later beacons", 64) };
        net.Do(Producer, new RenewBeacon(net.LaterBeacons[0], 20));
        while (net.State.Height < 30)
            net.Apply();
        Assert.Equal((19ul, net.LaterBeacons[11]), (net.State.Network.BeaconFrom, net.State.Network.Beacon));
        net.Do(Producer, new RenewBeacon(Content("third"), 60));

        var old = new TestNetwork { LaterBeacons = Chain("later beacons", 64) };
        old.Do(Producer, new RenewBeacon(old.LaterBeacons[0], 20));
        while (old.State.Height < 19)
            old.Apply();
        var proposal = old.Machine.Propose(old.State, [], old.Now, Chain("beacon", 4_096)[20]);
        Assert.Equal(BatchRefusal.WrongBeacon, old.Machine.Apply(old.State, proposal.Sign(Producer)).Refusal);
    }

    private static PostOffer Offer(TestNetwork net, int slots) => new("cpu", "eu", slots, 1, 1, net.Now.After(1_000));

    private static TestNetwork Announced()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        net.PostOffer(Providers[1], price: 200_000);
        net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
        Announce(net, s_dear);
        net.Pass(90_000);
        net.Do(Owner, new Transfer(Gateway.Id, AssetKind.Credit, 1_000));
        return net;
    }

    private static void Announce(TestNetwork net, Rules rules)
    {
        var height = net.State.Height + TestNetwork.Quick.RuleNotice + 1;
        net.Do(RulesKey, new AnnounceRules(new(height, rules)));
        net.Checked = false;
        while (net.State.Height < height)
            net.Apply();
        net.Checked = true;
    }

    private static void Play(TestNetwork net, ulong height)
    {
        net.PostOffer(Providers[0]);
        while (net.State.Height < height)
            net.Do(Owner, new Transfer(Gateway.Id, AssetKind.Credit, 1_000));
    }

    /// <summary>Every record but the rules themselves.</summary>
    private static List<string> Records(TestNetwork net)
    {
        var records = new List<byte[]>();
        foreach (var table in net.State.Tables)
            table.Save(records);
        records.RemoveAll(static r => RecordCodec.PeekType(r) == RecordType.RuleBook);
        return records.ConvertAll(Convert.ToHexString);
    }
}
