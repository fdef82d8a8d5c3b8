using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Audits, challenges and disputes.</summary>
internal static class AuditCases
{
    private static readonly TestKey s_auditor = Auditors[0];

    public static Dictionary<FailureCode, Func<FailureCode>> All { get; } = new()
    {
        [FailureCode.UnknownEpoch] = () => new TestNetwork().Refused(s_auditor, new CommitVerdicts(9, Content("c"))),
        [FailureCode.WrongPhase] = () => Shown((net, task) => (s_auditor, new CommitVerdicts(1, Content("c")))),
        [FailureCode.NotInEpoch] = () => Shown((net, task) => (Owner, new CommitVerdicts(1, Content("c")))),
        [FailureCode.AlreadyCommitted] = () => Shown((net, task) =>
        {
            net.Pass(1_000);
            net.Do(s_auditor, new CommitVerdicts(1, Content("c")));
            return (s_auditor, new CommitVerdicts(1, Content("d")));
        }),
        [FailureCode.NotCommitted] = () => Shown((net, task) =>
        {
            net.Pass(1_000);
            net.Do(Auditors[1], new CommitVerdicts(1, Content("c")));
            net.Pass(31_000);
            return (s_auditor, new RevealVerdicts(1, net.Seed(s_auditor, 1), TestRoles.Salt, []));
        }),
        [FailureCode.SeedMismatch] = () => Revealing((net, verdicts) =>
            new RevealVerdicts(1, net.Seed(s_auditor, 2), TestRoles.Salt, verdicts)),
        [FailureCode.DuplicateVerdict] = () => Revealing(
            (net, verdicts) => new RevealVerdicts(1, net.Seed(s_auditor, 1), TestRoles.Salt, verdicts), twice: true),
        [FailureCode.ChallengeExists] = () => Shown((net, task) =>
        {
            net.Do(Gateway, new Bond(5 * Unit));
            net.Do(Gateway, new CommitChallenge(Content("c")));
            return (Gateway, new CommitChallenge(Content("c")));
        }),
        [FailureCode.UnknownChallenge] = () => Shown((net, task) =>
            (Gateway, new RevealChallenge(Verdict(task), TestRoles.Salt))),
        [FailureCode.ChallengeTooEarly] = () => Shown((net, task) =>
        {
            net.Do(Gateway, new Bond(5 * Unit));
            var verdict = Verdict(task);
            var outcomes = net.Apply(
                net.Sign(Gateway, Commitment(net, Gateway, verdict)),
                net.Sign(Gateway, new RevealChallenge(verdict, TestRoles.Salt))).Outcomes;
            Assert.Equal(FailureCode.ChallengeTooEarly, outcomes[1].Code);
            return null;
        }),
        [FailureCode.ChallengeAgrees] = () => Challenge((net, task) =>
            new Verdict(task, 0, TestRoles.Result(task).Claim.Root())),
        [FailureCode.ResultNotOpen] = () => Challenge((net, task) =>
        {
            net.Audit(Auditors);
            net.Pass(2_000);
            return Verdict(task);
        }),
        [FailureCode.TooManyRivals] = () =>
        {
            var net = Started(TestNetwork.QuickLab, out var task);
            var verdict = Verdict(task);
            TestKey[] crowd = [.. Enumerable.Range(0, 66).Select(i => new TestKey($"rival {i}"))];
            net.Apply([.. crowd.Select(k => net.Sign(k, Commitment(net, k, verdict)))]);
            net.Apply([.. crowd[..65].Select(k => net.Sign(k, new RevealChallenge(verdict, TestRoles.Salt)))]);
            Assert.Equal(64, net.Attempt(task).Rivals.Length);
            return net.Refused(crowd[65], new RevealChallenge(verdict, TestRoles.Salt));
        },
        [FailureCode.OwnResult] = () => Challenge((net, task) => Verdict(task), Providers[0]),
        [FailureCode.RepeatedChallenge] = () => Challenge((net, task) =>
        {
            var first = new Verdict(task, 0, Content("first"));
            net.Do(Gateway, Commitment(net, Gateway, first));
            net.Do(Gateway, new RevealChallenge(first, TestRoles.Salt));
            return Verdict(task);
        }),
        [FailureCode.UnknownPlant] = () => new TestNetwork().Refused(Sentinel, new RevealPlant(new(Content("none")), 0, TestRoles.Salt)),
        [FailureCode.PlantedTooLate] = () =>
        {
            var net = Started(null, out var task);
            net.Do(Sentinel, new FundSentinels(Unit));
            net.Do(Sentinel, new PlantError(Derived.PlantCommitment(net.State.Chain, task, TestRoles.Salt)));
            return net.Refused(Sentinel, new RevealPlant(task, 0, TestRoles.Salt));
        },
        [FailureCode.TooManyPlants] = () =>
        {
            var net = new TestNetwork(TestNetwork.Quick with { MostPlants = 1, PlantJackpot = 5 });
            net.Do(Sentinel, new FundSentinels(100));
            net.Do(Sentinel, new PlantError(Content("first")));
            return net.Refused(Sentinel, new PlantError(Content("second")));
        },
        [FailureCode.UnknownDispute] = () =>
            new TestNetwork().Refused(Owner, new ChooseClaim(new DisputeId(Content("none")), 0)),
        [FailureCode.NotYourTurn] = () => Dispute((net, id, trace) => (Gateway, new ChooseClaim(id, 0))),
        [FailureCode.ClaimsMismatch] = () => Dispute((net, id, trace) => (Providers[0], new PostClaims(id, trace[1..]))),
        [FailureCode.IndexOutOfRange] = () => Dispute((net, id, trace) =>
        {
            net.Do(Providers[0], new PostClaims(id, trace));
            return (Gateway, new ChooseClaim(id, trace.Length + 3));
        }),
        [FailureCode.WrongMove] = () => Dispute((net, id, trace) => (Providers[0], new OpenInputs(id, [1]))),
        [FailureCode.OpeningsMismatch] = () => Opening(FailureCode.OpeningsMismatch),
        [FailureCode.MalformedOpenings] = () => Opening(FailureCode.MalformedOpenings),
        [FailureCode.OpenedAlready] = FullBatchTests.Twice,
        [FailureCode.RefereeBusy] = FullBatchTests.Busy,
        [FailureCode.NoReferee] = () => Dispute((net, id, trace) =>
        {
            net.Do(Providers[0], new PostClaims(id, trace));
            net.Do(Gateway, new ChooseClaim(id, trace.Length));
            return (Providers[0], new PostClaims(id, trace));
        }),
    };

    internal static Verdict Verdict(TaskId task) => new(task, 0, Content("another root"));

    internal static CommitChallenge Commitment(TestNetwork net, TestKey challenger, Verdict verdict) =>
        new(Derived.ChallengeCommitment(net.State.Chain, challenger.Id, TestRoles.Salt, verdict));

    internal static TestNetwork Started(Rules? rules, out TaskId task, IRefereeProgram? referee = null)
    {
        var net = new TestNetwork(rules, referee);
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        task = net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
        net.Deliver(Providers[0], task);
        return net;
    }

    private static FailureCode Shown(Func<TestNetwork, TaskId, (TestKey, TransactionBody)?> act)
    {
        var net = Started(null, out var task);
        return act(net, task) is var (sender, body) ? net.Refused(sender, body) : FailureCode.ChallengeTooEarly;
    }

    private static FailureCode Challenge(Func<TestNetwork, TaskId, Verdict> act, TestKey? challenger = null) =>
        Shown((net, task) =>
        {
            var who = challenger ?? Gateway;
            if (who == Gateway)
                net.Do(Gateway, new Bond(5 * Unit));
            var verdict = act(net, task);
            net.Do(who, Commitment(net, who, verdict));
            return (who, new RevealChallenge(verdict, TestRoles.Salt));
        });

    private static FailureCode Revealing(Func<TestNetwork, Verdict[], RevealVerdicts> act, bool twice = false) =>
        Shown((net, task) =>
        {
            net.Pass(1_000);
            var verdicts = net.Verdicts(s_auditor, 1);
            if (twice)
                verdicts = [.. verdicts, .. verdicts];
            net.Do(s_auditor, net.Committed(s_auditor, 1, verdicts));
            net.Do(Auditors[1], net.Committed(Auditors[1], 1, net.Verdicts(Auditors[1], 1)));
            return (s_auditor, act(net, verdicts));
        });

    private static FailureCode Dispute(
        Func<TestNetwork, DisputeId, Hash256[], (TestKey, TransactionBody)> act, IRefereeProgram? referee = null)
    {
        var net = Started(null, out var task, referee);
        net.Do(Gateway, new Bond(5 * Unit));
        var verdict = Verdict(task);
        net.Do(Gateway, Commitment(net, Gateway, verdict));
        net.Do(Gateway, new RevealChallenge(verdict, TestRoles.Salt));
        var (sender, body) = act(net, net.Attempt(task).Dispute!.Value, TestRoles.Result(task).Trace);
        return net.Refused(sender, body);
    }

    private static FailureCode Opening(FailureCode found) => Dispute(
        (net, id, trace) =>
        {
            net.Do(Providers[0], new PostClaims(id, trace));
            net.Do(Gateway, new ChooseClaim(id, 2));
            return (Providers[0], new OpenInputs(id, [1]));
        },
        new Suspicious(found));

    /// <summary>A referee that finds every opening wanting.</summary>
    private sealed class Suspicious(FailureCode found) : IRefereeProgram
    {
        public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body) =>
            Ruling.Refuse(FailureCode.ClaimsMismatch);

        public Ruling Choose(TaskRecord task, DisputePosition position, int index) =>
            Ruling.Refuse(FailureCode.IndexOutOfRange);

        public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings) =>
            Ruling.Refuse(found);
    }
}
