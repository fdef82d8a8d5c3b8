using Starling.Ledger.Applying;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Tasks and results.</summary>
internal static class WorkCases
{
    private static readonly TestKey s_worker = Providers[0];

    public static Dictionary<FailureCode, Func<FailureCode>> All { get; } = new()
    {
        [FailureCode.NotCoordinator] = () => Issue((net, job) => (Owner, new IssueTasks(job, [Task("a")]))),
        [FailureCode.UnknownTask] = () =>
            new TestNetwork().Refused(s_worker, new CommitResult(new(Content("none")), 0, Content("c"))),
        [FailureCode.TaskExists] = () => Issue((net, job) =>
        {
            net.Issue(job, Task("a"));
            return (Gateway, new IssueTasks(job, [Task("a")]));
        }),
        [FailureCode.UnknownParent] = () =>
            Issue((net, job) => (Gateway, new IssueTasks(job, [Task("a", new TaskId(Content("none")))]))),
        [FailureCode.ParentNotShown] = () => Issue((net, job) =>
        {
            var parent = net.Issue(job, Task("a"));
            return (Gateway, new IssueTasks(job, [Task("b", parent)]));
        }),
        [FailureCode.WorkLimitExceeded] = () => Issue((net, job) =>
            (Gateway, new IssueTasks(job, [Task("a") with { Work = 1_000_000_000_001 }]))),
        [FailureCode.NoLease] = () => Issue((net, job) =>
            (Gateway, new IssueTasks(job, [Task("a") with { Provider = Providers[3].Id }]))),
        [FailureCode.LeaseBusy] = () => Issue((net, job) =>
            (Gateway, new IssueTasks(job, [Task("a"), Task("b"), Task("c")]))),
        [FailureCode.EscrowShort] = () => Issue(
            (net, job) => (Gateway, new IssueTasks(job, [Task("a")])), order: net => net.Order(escrow: 109_999)),
        [FailureCode.ExposureExceeded] = () => Issue((net, job) =>
        {
            net.Do(s_worker, new Unbond((999 * Unit) - 1));
            return (Gateway, new IssueTasks(job, [Task("a") with { Work = 20_000_000_000 }]));
        }),
        [FailureCode.ParentBondShort] = () => Issue(
            (net, job) =>
            {
                var parent = net.Issue(job, Task("a"));
                net.Deliver(s_worker, parent);
                var child = Task("b", parent) with { Provider = Providers[1].Id, Work = 1_000_000_000_000 - 1_000_000_000 };
                return (Gateway, new IssueTasks(job, [child]));
            },
            order: net => net.Order(leases: 2, maxPrice: 1_000_000, escrow: 999 * Unit),
            rules: TestNetwork.Quick with { CascadePpm = 100_000_000 }),
        [FailureCode.ParentNotAudited] = () => Issue(
            (net, job) =>
            {
                var parent = net.Issue(job, Task("a") with { Steering = true });
                net.Deliver(s_worker, parent);
                Assert.Equal(FailureCode.ParentNotAudited, net.Refused(Gateway, new IssueTasks(job, [Task("b", parent)])));
                net.Audit(Auditors);
                net.Issue(job, Task("b", parent));
                var next = net.Issue(job, Task("c") with { Steering = true });
                net.Deliver(s_worker, next);
                return (Gateway, new IssueTasks(job, [Task("d", next)]));
            },
            rules: TestNetwork.Quick with { SteeringAuditors = 3, TasksPerLease = 5 }),
        [FailureCode.ParentUndecided] = () => Issue((net, job) =>
        {
            var parent = net.Issue(job, Task("a") with { Graph = Starling.Protocol.Hashing.Hash256.Zero });
            net.Deliver(s_worker, parent);
            return (Gateway, new IssueTasks(job, [Task("b", parent)]));
        }),
        [FailureCode.NotOfQuorum] = () => Quorum((net, job) => (Gateway, new IssueTasks(job, [Task("a~2")]))),
        [FailureCode.QuorumRepeats] = () => Quorum((net, job) =>
        {
            net.Issue(job, Task("a"));
            return (Gateway, new IssueTasks(job, [Task("a~1")]));
        }),
        [FailureCode.QuorumSealed] = () => Quorum((net, job) =>
        {
            var task = net.Issue(job, Task("a"));
            net.Issue(job, Task("a~1") with { Provider = Providers[1].Id });
            net.Commit(s_worker, task);
            return (s_worker, net.Revealed(task));
        }),
        [FailureCode.QuorumUnsealed] = () => Quorum((net, job) =>
        {
            var task = net.Issue(job, Task("a"));
            var other = net.Issue(job, Task("a~1") with { Provider = Providers[1].Id });
            net.Commit(s_worker, task);
            net.Pass(net.State.Tasks.Find(other)!.Current.Due.Milliseconds - net.Now.Milliseconds + 1);
            return (Gateway, new ReissueTask(other, Providers[1].Id));
        }),
        [FailureCode.TaskNotLost] = () => Issue((net, job) =>
            (Gateway, new ReissueTask(net.Issue(job, Task("a")), s_worker.Id))),
        [FailureCode.TooManyAttempts] = () => Issue((net, job) =>
        {
            var task = net.Issue(job, Task("a"));
            for (var i = 0; i < 32; i++)
            {
                if (i > 0)
                    net.Do(Gateway, new ReissueTask(task, s_worker.Id));
                net.Deliver(s_worker, task);
                net.Do(s_worker, new RetractResult(task, i));
            }

            return (Gateway, new ReissueTask(task, s_worker.Id));
        }),
        [FailureCode.TooManyChildren] = () => Issue(
            (net, job) =>
            {
                var parent = net.Issue(job, Task("a"));
                net.Deliver(s_worker, parent);
                for (var i = 0; i < 1_024; i += 128)
                {
                    var worker = i < 896 ? s_worker : Providers[1];
                    net.Do(Gateway, new IssueTasks(job, [.. Enumerable.Range(i, 128).Select(
                        k => Task($"{k}", parent) with { Work = 1, Provider = worker.Id })]));
                }

                return (Gateway, new IssueTasks(job, [Task("one more", parent)]));
            },
            order: net => net.Order(leases: 2),
            rules: TestNetwork.Quick with { TasksPerLease = 1_000 }),
        [FailureCode.NotWorker] = () => Result((net, task) => (Owner, new CommitResult(task, 0, Content("c")))),
        [FailureCode.WrongAttempt] = () => Result((net, task) => (s_worker, new CommitResult(task, 1, Content("c")))),
        [FailureCode.AttemptNotIssued] = () => Result((net, task) =>
        {
            net.Do(s_worker, new CommitResult(task, 0, Content("c")));
            return (s_worker, new CommitResult(task, 0, Content("d")));
        }),
        [FailureCode.AttemptNotCommitted] = () => Result((net, task) =>
            (s_worker, new RevealResult(task, 0, TestRoles.Salt, TestRoles.Result(task).Claim))),
        [FailureCode.CommitmentMismatch] = () => Result((net, task) =>
        {
            net.Do(s_worker, new CommitResult(task, 0, Content("c")));
            return (s_worker, new RevealResult(task, 0, TestRoles.Salt, TestRoles.Result(task).Claim));
        }),
        [FailureCode.MalformedClaim] = () => Result((net, task) =>
        {
            net.Do(s_worker, new CommitResult(task, 0, Content("c")));
            var claim = TestRoles.Result(task).Claim with { TraceLength = 0 };
            return (s_worker, new RevealResult(task, 0, TestRoles.Salt, claim));
        }),
        [FailureCode.UnknownRequest] = () => new TestNetwork().Refused(Owner, new AnswerChunks(Content("none"), 1, [1], [], [])),
        [FailureCode.TooManyRequests] = () => Result((net, task) =>
        {
            net.Deliver(s_worker, task);
            for (var i = 0; i < 16; i++)
                net.Do(Owner, new OpenChunks(task, 0, 0, i, 1));
            return (Owner, new OpenChunks(task, 0, 0, 16, 1));
        }),
        [FailureCode.ChunksMismatch] = () => Result((net, task) =>
        {
            net.Deliver(s_worker, task);
            var request = net.Do(Owner, new OpenChunks(task, 0, 0, 0, 1)).Hash;
            return (s_worker, new AnswerChunks(request, 1, [1], [], []));
        }),
        [FailureCode.DrawKnown] = () => Result((net, task) =>
        {
            net.Deliver(s_worker, task);
            net.Settle();
            return (s_worker, new RetractResult(task, 0));
        }),
    };

    private static TaskIssue Task(string node, params TaskId[] parents) =>
        TestRoles.Task(node, s_worker, parents: parents);

    private static FailureCode Issue(
        Func<TestNetwork, JobId, (TestKey, TransactionBody)> act, Func<TestNetwork, OpenJob>? order = null,
        Rules? rules = null)
    {
        var net = new TestNetwork(rules);
        net.Enrol(Auditors);
        net.PostOffer(s_worker);
        net.PostOffer(Providers[1], price: 200_000);
        var job = net.OpenJob(order?.Invoke(net) ?? net.Order());
        var (sender, body) = act(net, job);
        return net.Refused(sender, body);
    }

    private static FailureCode Quorum(Func<TestNetwork, JobId, (TestKey, TransactionBody)> act) => Issue(
        act, net => net.Order(leases: 2, verification: Verification.Quorum) with { Quorum = 2 });

    private static FailureCode Result(Func<TestNetwork, TaskId, (TestKey, TransactionBody)> act) =>
        Issue((net, job) => act(net, net.Issue(job, Task("a"))));
}
