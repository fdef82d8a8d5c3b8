using Starling.Ledger.Answers;
using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.AnswerRoles;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Endpoints on the ledger: intervals, vouchers, draws, and what missing chunks cost.</summary>
public class AnswerTests
{
    private readonly TestNetwork _net = new();
    private readonly JobId _endpoint;

    public AnswerTests() => _endpoint = _net.OpenEndpoint();

    [Fact]
    public void What_vouchers_claim_is_locked_until_the_answers_are_final_and_then_paid()
    {
        var channel = _net.OpenAnswerChannel();
        var task = _net.CommitAnswers(_endpoint, IntervalOf(Answer(_endpoint, 1)));
        var limit = _net.State.Tasks.Find(task)!.Answers!.Unredeemed;
        Assert.Equal(new Credits(120_000), limit);
        Assert.Equal(limit, Stake().Exposure);
        var before = Credits();
        _net.Do(Providers[0], _net.Voucher(task, channel, 30_000));
        _net.Do(Providers[0], _net.Voucher(task, channel, 20_000));
        _net.Do(Providers[0], _net.Voucher(task, channel, 50_000));
        Assert.Equal(new Credits(50_000), _net.Attempt(task).Pay);
        Assert.Equal(new Credits(Unit - 50_000), _net.State.Channels.Find(channel)!.Left);
        Assert.Equal((before, limit), (Credits(), Stake().Exposure));
        _net.Pass(60_000);
        Assert.Equal((AttemptStatus.Final, TrustLevel.Committed), (_net.Attempt(task).Status, _net.Attempt(task).Level));
        Assert.Equal((before + new Credits(50_000), new Credits(0)), (Credits(), Stake().Exposure));
        Assert.Equal(FailureCode.ResultNotOpen, _net.Try(Providers[0], _net.Voucher(task, channel, 60_000)));
    }

    [Fact]
    public void Vouchers_claim_no_more_than_the_tokens_are_worth_or_the_channel_holds()
    {
        var (rich, poor) = (_net.OpenAnswerChannel(), _net.OpenAnswerChannel(7));
        var task = _net.CommitAnswers(_endpoint, IntervalOf(Answer(_endpoint, 1)));
        _net.Do(Providers[0], _net.Voucher(task, poor, 10));
        Assert.Equal(new Credits(7), _net.Attempt(task).Pay);
        _net.Do(Providers[0], _net.Voucher(task, rich, ulong.MaxValue));
        Assert.Equal(new Credits(120_000), _net.Attempt(task).Pay);
        Assert.Equal(FailureCode.BadSignature, _net.Try(Providers[0], _net.Voucher(task, rich, 1, Owner)));
        Assert.Equal(FailureCode.NotWorker, _net.Try(Providers[1], _net.Voucher(task, rich, 1)));
    }

    [Fact]
    public void A_chunk_that_was_signed_and_not_committed_costs_the_bond_and_what_was_redeemed()
    {
        var channel = _net.OpenAnswerChannel();
        var (kept, dropped) = (Answer(_endpoint, 1), Answer(_endpoint, 2));
        var interval = IntervalOf(kept);
        var task = _net.CommitAnswers(_endpoint, interval);
        _net.Do(Providers[0], _net.Voucher(task, channel, 50_000));
        var (escrow, bonded) = (_net.State.Jobs.Find(_endpoint)!, Stake().Bonded);
        var bond = _net.Attempt(task).Bond;
        Assert.True(bond > Tokens.Zero);
        _net.Do(Gateway, new ReportMissing(interval.ProveMissing(_net.Sign(dropped, 1), default)!));
        Assert.Equal(AttemptStatus.Convicted, _net.Attempt(task).Status);
        Assert.Equal(TaskPhase.Void, _net.State.Tasks.Find(task)!.Phase);
        Assert.Equal(bonded - bond, Stake().Bonded);
        var after = _net.State.Jobs.Find(_endpoint)!;
        Assert.Equal(escrow.Escrow + escrow.Reserved, after.Escrow);
        Assert.True(Stake().Jailed);
    }

    [Fact]
    public void A_chunk_replaced_by_another_is_shown_and_a_report_against_an_honest_worker_fails()
    {
        var (signed, committed) = (Answer(_endpoint, 1, chunks: 3), Answer(_endpoint, 1, chunks: 2));
        var interval = IntervalOf(committed);
        var task = _net.CommitAnswers(_endpoint, interval);
        var forged = interval.ProveMissing(_net.Sign(signed, 2), committed.Roots())!;
        Assert.Equal(
            FailureCode.BadSignature, _net.Try(Gateway, new ReportMissing(forged with { Chunk = forged.Chunk with { Index = 3 } })));
        Assert.Equal(FailureCode.NotMissing, _net.Try(Gateway, new ReportMissing(forged with { Chunk = _net.Sign(committed, 1) })));
        _net.Do(Gateway, new ReportMissing(forged));
        Assert.Equal(AttemptStatus.Convicted, _net.Attempt(task).Status);
    }

    [Fact]
    public void An_interval_that_was_never_committed_is_reported_once_when_its_time_is_over()
    {
        var report = new ReportMissing(IntervalOf().ProveMissing(_net.Sign(Answer(_endpoint, 1), 0), default)!);
        _net.PassInterval(_endpoint);
        Assert.Equal(FailureCode.IntervalNotOver, _net.Try(Owner, report));
        _net.PassInterval(_endpoint, 1);
        var before = Stake().Bonded;
        _net.Do(Owner, report);
        Assert.Equal(before - new Tokens(_net.Genesis.Rules.SlotBond), Stake().Bonded);
        Assert.Empty(_net.State.LeasesOf(_endpoint));
        Assert.Equal(FailureCode.ResultNotOpen, _net.Try(Owner, report));
    }

    [Fact]
    public void Answers_committed_and_never_shown_are_lost_with_the_bond()
    {
        _net.PassInterval(_endpoint);
        var before = Stake().Bonded;
        _net.Do(Providers[0], _net.Commitment(_endpoint, IntervalOf(Answer(_endpoint, 1))));
        var task = Derived.AnswersTask(_endpoint, Providers[0].Id, 0);
        _net.Pass(_net.Genesis.Rules.RevealMs + 1);
        Assert.Equal(AttemptStatus.TimedOut, _net.Attempt(task).Status);
        Assert.Equal(TaskPhase.Void, _net.State.Tasks.Find(task)!.Phase);
        Assert.True(Stake().Bonded < before);
        Assert.Equal(FailureCode.TaskNotLost, _net.Try(Gateway, new ReissueTask(task, Providers[1].Id)));
    }

    [Fact]
    public void An_interval_is_committed_once_by_a_worker_with_a_lease()
    {
        _net.CommitAnswers(_endpoint, IntervalOf(Answer(_endpoint, 1)));
        var again = _net.Commitment(_endpoint, IntervalOf(Answer(_endpoint, 2)));
        Assert.Equal(FailureCode.TaskExists, _net.Try(Providers[0], again));
        Assert.Equal(FailureCode.NoLease, _net.Try(Providers[1], again));
        Assert.Equal(FailureCode.IntervalNotOver, _net.Try(Providers[0], again with { Interval = ulong.MaxValue }));
    }

    [Fact]
    public void Each_answer_has_its_own_draw_at_the_rate_asked_for()
    {
        const ulong Ppm = 50_000;
        const int Count = 40_000;
        var draw = new DrawRecord(1, 0, new TaskId(Content("t")), 0, Providers[0].Id, 5, Ppm, false, Content("beacon"));
        var drawn = AnswerDraws.Places(draw, Content("seed"), Count, Ppm).ToArray();
        // Five standard deviations around the mean of a binomial.
        Assert.InRange(drawn.Length, 2_000 - 218, 2_000 + 218);
        Assert.NotEqual(drawn, AnswerDraws.Places(draw, Content("another"), Count, Ppm));
        Assert.NotEqual(drawn, AnswerDraws.Places(draw with { Beacon = Content("other") }, Content("seed"), Count, Ppm));
        Assert.Equal(Count, AnswerDraws.Places(draw with { Required = true }, Content("seed"), Count, 0).Count());
        // The longer interval has the shorter one's draws: what is added changes nobody else's.
        Assert.Equal(drawn.Where(p => p < 100), AnswerDraws.Places(draw, Content("seed"), 100, Ppm));
    }

    private StakeRecord Stake() => _net.State.Stakes.Find(Providers[0].Id)!;

    private Credits Credits() => _net.State.Accounts.Find(Providers[0].Id)!.Credits;
}
