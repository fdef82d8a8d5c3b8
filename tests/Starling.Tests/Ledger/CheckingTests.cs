using System.Text.Json;
using Starling.Ledger.Applying;
using Starling.Ledger.Checking;
using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>The independent check finds nothing in a good log, and whatever is wrong in a bad one.</summary>
public class CheckingTests
{
    [Fact]
    public void A_good_log_has_no_difference()
    {
        var net = Busy();
        var report = new LedgerCheck(net.Genesis, TestKey.Scheme, null).Run(Batches(net));
        Assert.Null(report.Problem);
        Assert.Equal((net.State.Height, (long)Batches(net).Sum(b => b.Transactions.Length)), (report.Height, report.Transactions));
    }

    [Fact]
    public void A_log_with_a_gap_or_a_forged_batch_is_told_by_its_height()
    {
        var net = Busy();
        var gap = new LedgerCheck(net.Genesis, TestKey.Scheme, null).Run(Batches(net).Where((_, i) => i != 3));
        Assert.Equal("batch 5: refused: WrongHeight", gap.Problem);
        var forged = Batches(net);
        forged[2] = new Batch(forged[2].Header, []);
        Assert.Equal("batch 3: refused: WrongTransactions", new LedgerCheck(net.Genesis, TestKey.Scheme, null).Run(forged).Problem);
    }

    [Fact]
    public void The_books_notice_an_event_that_never_was_and_one_that_is_missing()
    {
        var net = Busy();
        var (kinds, noticed) = (0, 0);
        foreach (var type in net.Events.OfType<LedgerEvent>().Where(Moves).Select(e => e.GetType()).Distinct())
        {
            kinds++;
            noticed += Without(net, type) is not null ? 1 : 0;
        }

        Assert.True(kinds >= 6, $"{kinds} kinds of events move money here");
        Assert.Equal(kinds, noticed);
    }

    [Fact]
    public void The_root_of_a_state_is_that_of_its_records() =>
        Assert.Equal(Busy().State.Root, PlainRoot.Of(Busy().State));

    [Fact]
    public void The_history_is_one_json_object_or_one_row_per_transaction_and_event()
    {
        var net = Busy();
        var machine = new LedgerMachine(TestKey.Scheme);
        var state = GenesisState.Create(net.Genesis);
        var (lines, rows) = (new List<string>(), new List<string>());
        foreach (var batch in Batches(net))
        {
            var result = machine.Apply(state, batch);
            lines.AddRange(History.Lines(batch, result));
            rows.AddRange(History.Csv(batch, result));
        }

        Assert.Equal(Batches(net).Sum(b => b.Transactions.Length) + net.Events.Count, lines.Count);
        var ids = new HashSet<string>();
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            Assert.True(ids.Add(json.RootElement.GetProperty("id").GetString()!));
            Assert.Equal(JsonValueKind.Object, json.RootElement.GetProperty("fields").ValueKind);
        }

        var paid = lines.Select(l => JsonDocument.Parse(l).RootElement).First(e => e.GetProperty("name").GetString() == "Paid");
        Assert.Equal(Providers[0].Id.ToString(), paid.GetProperty("fields").GetProperty("to").GetString());
        Assert.True(paid.GetProperty("fields").GetProperty("amount").GetUInt64() > 0);
        Assert.Equal(lines.Count, rows.Count);
        Assert.All(rows, r => Assert.Equal(History.Header.Split(',').Length - 1, r[..r.IndexOf('"')].Count(c => c == ',')));
    }

    private static bool Moves(LedgerEvent happened) => happened is Paid or JobClosed or RentPaid or VoucherRedeemed
        or ChannelClosed or AuctionPaid or AuctionClosed or RewardsShared or RewardsClaimed or Compensated;

    /// <summary>What the books say when the first event of a type is kept from them.</summary>
    private static string? Without(TestNetwork net, Type type)
    {
        var (books, state, machine) = (new Books(net.Genesis), GenesisState.Create(net.Genesis), new LedgerMachine(TestKey.Scheme));
        var hidden = false;
        foreach (var batch in Batches(net))
        {
            var result = machine.Apply(state, batch, signaturesKnownGood: true);
            var at = hidden ? -1 : result.Events.ToList().FindIndex(e => e.GetType() == type);
            if (at >= 0)
            {
                hidden = true;
                result = result with
                {
                    Events = [.. result.Events.Where((_, i) => i != at)],
                    EventsBefore = [.. result.EventsBefore.Select(b => b > at ? b - 1 : b)],
                };
            }

            if (books.Enter(batch, result, state) is { } problem)
                return problem;
        }

        return books.CompareAll(state);
    }

    private static Batch[] Batches(TestNetwork net) => [.. net.Log.Select(b => RecordCodec.Decode<Batch>(b))];

    /// <summary>A history with every way in which money moves.</summary>
    private static TestNetwork Busy()
    {
        var net = new TestNetwork(Quick with { Fee = 3, FeeCeiling = 50 });
        net.Enrol(Auditors);
        net.Do(Providers[0], new SetPool(0));
        net.Do(Gateway, new DelegateStake(Providers[0].Id, 5 * Unit));
        net.PostOffer(Providers[0]);
        net.PostOffer(Providers[1], price: 200_000);
        var job = net.OpenJob(net.Order(leases: 2));
        var good = net.Issue(job, TestRoles.Task("a", Providers[0]));
        var bad = net.Issue(job, TestRoles.Task("b", Providers[1]));
        net.Deliver(Providers[0], good);
        net.Deliver(Providers[1], bad, lie: true);
        net.Audit(Auditors);
        net.Pass(40_000);
        net.Do(Owner, new CancelJob(job));
        net.Do(Gateway, new ClaimRewards(Providers[0].Id));
        var lease = net.Rent(Providers[2], Owner, 1_000, 10 * Unit);
        net.Serve(lease, Providers[2], Owner, 3);
        net.Pass(20_000);
        var channel = new Starling.Protocol.ChannelId(net.Do(Owner, new OpenChannel(Providers[3].Id, 10_000)).Hash);
        net.Do(Providers[3], net.Voucher(channel, Owner, 0, 4_000));
        net.Do(Providers[3], new CloseChannel(channel));
        var auction = net.OpenAuction();
        net.Bid(auction, Providers[3], new(Content("hidden")), 5);
        net.Pass(30_000);
        net.Do(Owner, new Transfer(Gateway.Id, AssetKind.Credit, 5_000));
        net.Try(Owner, new Transfer(Gateway.Id, AssetKind.Token, 500 * Unit));
        net.Do(Minter, new Mint(Gateway.Id, AssetKind.Token, 5_000));
        return net;
    }
}
