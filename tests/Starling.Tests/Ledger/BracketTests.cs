using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Several challengers of one result: whose turn it is, what a loss costs, and how long all of it can take.</summary>
public class BracketTests(ITestOutputHelper output)
{
    private static readonly TestKey s_worker = Providers[0];
    private static readonly TestKey[] s_rivals = Providers[1..];

    [Fact]
    public void Rivals_rank_by_their_commitments_and_not_by_who_shows_first()
    {
        var net = AuditCases.Started(null, out var task);
        foreach (var rival in s_rivals)
            Commit(net, rival, task);
        Show(net, s_rivals[2], task);
        Show(net, s_rivals[1], task);
        var opened = net.State.Disputes.Find(net.Attempt(task).Dispute!.Value)!;
        net.Now = net.Now.After(500);
        Show(net, s_rivals[0], task);
        var after = net.State.Disputes.Find(net.Attempt(task).Dispute!.Value)!;
        Assert.Equal(s_rivals[0].Id, after.Challenger);
        Assert.Equal(opened.Since, after.Since);
        Assert.Equal([s_rivals[1].Id, s_rivals[2].Id], net.Attempt(task).Rivals.Select(r => r.Challenger));
        Assert.Equal(2, net.Events.OfType<DisputeClosed>().Count(e => e.Outcome == DisputeOutcome.GaveWay));
        Assert.Single(net.State.Disputes.InOrder());
    }

    [Fact]
    public void Nobody_takes_the_turn_of_a_dispute_that_has_moved()
    {
        var net = AuditCases.Started(null, out var task);
        foreach (var rival in s_rivals)
            Commit(net, rival, task);
        Show(net, s_rivals[2], task);
        Post(net, task);
        Show(net, s_rivals[1], task);
        Show(net, s_rivals[0], task);
        Assert.Equal(s_rivals[2].Id, net.State.Disputes.Find(net.Attempt(task).Dispute!.Value)!.Challenger);
        Assert.Equal([s_rivals[0].Id, s_rivals[1].Id], net.Attempt(task).Rivals.Select(r => r.Challenger));
    }

    [Fact]
    public void A_drawn_auditor_ranks_by_the_commitment_to_its_verdicts()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(s_worker);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("a", s_worker, steering: true));
        net.Deliver(s_worker, task, lie: true);
        net.Pass(net.Genesis.Rules.EpochMs);
        Commit(net, s_rivals[0], task);
        foreach (var auditor in Auditors)
            net.Do(auditor, net.Committed(auditor, 1, net.Verdicts(auditor, 1)));
        Commit(net, s_rivals[1], task);
        Show(net, s_rivals[1], task);
        foreach (var auditor in Auditors.Reverse())
            net.Do(auditor, net.Shown(auditor, 1));
        Show(net, s_rivals[0], task);
        NodeId[] order = [s_rivals[0].Id, Auditors[0].Id, Auditors[1].Id, s_rivals[1].Id];
        Assert.Equal(order[0], Assert.Single(net.State.Disputes.InOrder()).Challenger);
        Assert.Equal(order[1..], net.Attempt(task).Rivals.Select(r => r.Challenger));
        Assert.Equal([true, true, false], net.Attempt(task).Rivals.Select(r => r.Drawn));
    }

    [Fact]
    public void A_lost_challenge_makes_the_window_longer_by_what_it_used_and_no_more()
    {
        var net = Audited(out var task);
        var due = net.Attempt(task).Due;
        net.Pass(400);
        Commit(net, s_rivals[0], task);
        Show(net, s_rivals[0], task);
        Post(net, task);
        var opened = net.Now;
        net.Pass(net.State.Disputes.InOrder()[0].Due.Milliseconds - net.Now.Milliseconds);
        Assert.Equal(due.After(net.Now.Milliseconds - opened.Milliseconds), net.Attempt(task).Due);
        Assert.Equal(AttemptStatus.Audited, net.Attempt(task).Status);
        net.Pass(TestNetwork.Quick.ChallengeMs - 401);
        Assert.Equal(AttemptStatus.Audited, net.Attempt(task).Status);
        net.Pass(1);
        Assert.Equal(AttemptStatus.Final, net.Attempt(task).Status);
    }

    [Fact]
    public void Whoever_committed_to_many_before_losing_one_owes_the_doubled_stake_for_the_next()
    {
        var net = Audited(out var task, new Pleased());
        net.Do(Gateway, new Bond(3 * Unit));
        var (first, second) = (new Verdict(task, 0, Content("one")), new Verdict(task, 0, Content("two")));
        net.Do(Gateway, AuditCases.Commitment(net, Gateway, first));
        net.Do(Gateway, AuditCases.Commitment(net, Gateway, second));
        net.Do(Gateway, new RevealChallenge(first, TestRoles.Salt));
        Post(net, task);
        var dispute = net.Attempt(task).Dispute!.Value;
        net.Do(Gateway, new ChooseClaim(dispute, 2));
        net.Do(s_worker, new OpenInputs(dispute, [1]));
        Assert.Equal((1, new Tokens(2 * Unit)), (net.State.Stakes.Find(Gateway.Id)!.LostChallenges, net.State.Stakes.Find(Gateway.Id)!.Bonded));
        // It keeps no more than what the second one locked.
        net.Do(Gateway, new Unbond(Unit));
        Assert.Equal(FailureCode.StakeShort, net.Refused(Gateway, new RevealChallenge(second, TestRoles.Salt)));
    }

    [Fact]
    public void Drawn_auditors_take_no_place_of_others_and_others_none_of_theirs()
    {
        var net = new TestNetwork(QuickLab);
        net.Enrol(Auditors);
        net.PostOffer(s_worker);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("a", s_worker, steering: true));
        net.Deliver(s_worker, task, lie: true);
        var crowd = Crowd(RivalClaim.LimitOfOthers + 1);
        net.Apply([.. crowd.Select(k => net.Sign(k, AuditCases.Commitment(net, k, AuditCases.Verdict(task))))]);
        net.Apply([.. crowd.Select(k => net.Sign(k, new RevealChallenge(AuditCases.Verdict(task), TestRoles.Salt)))]);
        Post(net, task, lie: true);
        net.Pass(net.Genesis.Rules.EpochMs);
        foreach (var auditor in Auditors)
            net.Do(auditor, net.Committed(auditor, 1, net.Verdicts(auditor, 1)));
        foreach (var auditor in Auditors)
            net.Do(auditor, net.Shown(auditor, 1));
        var line = net.Attempt(task).Rivals;
        Assert.Equal((RivalClaim.LimitOfOthers, Auditors.Length), (line.Count(r => !r.Drawn), line.Count(r => r.Drawn)));
        // Whoever is at its turn leaves a place, which the auditors do not take.
        net.Pass(net.State.Disputes.InOrder()[0].Due.Milliseconds - net.Now.Milliseconds);
        Commit(net, Gateway, task);
        Show(net, Gateway, task);
        Assert.Equal(Gateway.Id, net.Attempt(task).Rivals[^1].Challenger);
    }

    [Fact]
    public void A_full_line_of_silent_challengers_ends_in_a_bounded_time_and_pays_the_worker_for_it()
    {
        var net = Audited(out var task);
        net.Checked = false;
        var crowd = Crowd(RivalClaim.LimitOfOthers + 1);
        net.Apply([.. crowd.Select(k => net.Sign(s_rivals[0], new Transfer(k.Id, AssetKind.Token, 2 * Unit)))]);
        net.Apply([.. crowd.Select(k => net.Sign(k, new Bond(2 * Unit)))]);
        net.Apply([.. crowd.Select(k => net.Sign(k, AuditCases.Commitment(net, k, AuditCases.Verdict(task))))]);
        net.Apply([.. crowd.Select(k => net.Sign(k, new RevealChallenge(AuditCases.Verdict(task), TestRoles.Salt)))]);
        var (begun, turn) = (net.Now, net.State.Disputes.InOrder()[0].TurnMs);
        var before = net.State.Accounts.Find(s_worker.Id)!.Tokens;
        foreach (var rival in crowd)
        {
            Assert.Equal(rival.Id, Assert.Single(net.State.Disputes.InOrder()).Challenger);
            Post(net, task);
            net.Pass(turn);
        }

        Assert.Empty(net.State.Disputes.InOrder());
        Assert.Equal((crowd.Length, AttemptStatus.Audited), (net.Attempt(task).DisputesWon, net.Attempt(task).Status));
        Assert.Equal(begun.After(turn * crowd.Length), net.Now);
        net.Pass(TestNetwork.Quick.ChallengeMs);
        Assert.Equal(AttemptStatus.Final, net.Attempt(task).Status);
        Assert.Equal(before + (new Tokens(Unit).MulDiv(4, 10) * (ulong)crowd.Length), net.State.Accounts.Find(s_worker.Id)!.Tokens);
        net.Checked = true;
        net.Apply();
    }

    /// <summary>
    /// Short random sequences of everything that challengers and the worker can do: one dispute at most, the line in order,
    /// nobody later at its turn before it moved, and the window open for exactly its time without a dispute.
    /// </summary>
    [Fact]
    public void Whatever_is_done_in_whatever_order_the_line_and_the_window_keep_their_rules()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            try
            {
                Play(new Random(seed));
            }
            catch (Exception)
            {
                output.WriteLine($"seed {seed}");
                throw;
            }
        }
    }

    private static void Play(Random random)
    {
        var net = Audited(out var task);
        net.Checked = false;
        var free = 0L;
        for (var i = 0; i < 24 && net.Attempt(task).IsOpen; i++)
        {
            var (rival, now) = (s_rivals[random.Next(s_rivals.Length)], net.Now);
            var dispute = net.Attempt(task).Dispute is { } id ? net.State.Disputes.Find(id) : null;
            switch (random.Next(6))
            {
                case 0:
                    net.Try(rival, AuditCases.Commitment(net, rival, AuditCases.Verdict(task)));
                    break;
                case 1 or 2:
                    net.Try(rival, new RevealChallenge(AuditCases.Verdict(task), TestRoles.Salt));
                    break;
                case 3 when dispute is not null:
                    net.Try(s_worker, new PostClaims(dispute.Id, TestRoles.Result(task).Trace));
                    break;
                case 4 when dispute is { Position.Claims.Length: > 0 }:
                    net.Pass(dispute.Due.Milliseconds - now.Milliseconds);
                    break;
                default:
                    net.Pass(random.Next(400));
                    break;
            }

            if (dispute is null)
                free += net.Now.Milliseconds - now.Milliseconds;
            Check(net, task);
            var left = TestNetwork.Quick.ChallengeMs - free;
            if (net.Attempt(task).Status == AttemptStatus.Final)
                Assert.True(left <= 0);
            else if (net.Attempt(task) is { Dispute: null } attempt)
                Assert.Equal(net.Now.After(left), attempt.Due);
        }
    }

    private static void Check(TestNetwork net, TaskId task)
    {
        var (line, open) = (net.Attempt(task).Rivals, net.State.Disputes.InOrder().ToArray());
        Assert.Equal(net.Attempt(task).Dispute is null ? 0 : 1, open.Length);
        Assert.True(open.Length == 1 || line.Length == 0);
        Assert.Equal(line.OrderBy(r => r.Committed), line);
        if (open is [{ Position: { Level: 0, Claims.Length: 0 } } first] && line.Length > 0)
            Assert.True(first.Committed.CompareTo(line[0].Committed) < 0);
    }

    /// <summary>A result whose window has just opened, with nobody to audit it.</summary>
    private static TestNetwork Audited(out TaskId task, IRefereeProgram? referee = null)
    {
        var net = new TestNetwork(referee: referee);
        net.PostOffer(s_worker);
        task = net.Issue(net.OpenJob(), TestRoles.Task("a", s_worker));
        net.Deliver(s_worker, task);
        Assert.Equal(AttemptStatus.Audited, net.Attempt(task).Status);
        return net;
    }

    private static TestKey[] Crowd(int count) => [.. Enumerable.Range(0, count).Select(i => new TestKey($"rival {i}"))];

    private static void Commit(TestNetwork net, TestKey rival, TaskId task) =>
        net.Do(rival, AuditCases.Commitment(net, rival, AuditCases.Verdict(task)));

    private static void Show(TestNetwork net, TestKey rival, TaskId task) =>
        net.Do(rival, new RevealChallenge(AuditCases.Verdict(task), TestRoles.Salt));

    private static void Post(TestNetwork net, TaskId task, bool lie = false) =>
        net.Do(s_worker, new PostClaims(net.Attempt(task).Dispute!.Value, TestRoles.Result(task, lie).Trace));

    /// <summary>A referee that finds every result right.</summary>
    private sealed class Pleased : IRefereeProgram
    {
        public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body) => Ruling.Refuse(FailureCode.WrongMove);

        public Ruling Choose(TaskRecord task, DisputePosition position, int index) => Ruling.Refuse(FailureCode.WrongMove);

        public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings) => Ruling.Decide(true);
    }
}
