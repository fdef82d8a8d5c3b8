using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Ledger;

/// <summary>What the players of a test do, each in one line.</summary>
internal static class TestRoles
{
    public static readonly Hash256 Salt = TestNetwork.Content("salt");

    public static OfferId PostOffer(
        this TestNetwork net, TestKey provider, ulong price = 100_000, int slots = 1, string region = "eu",
        int memory = 1024) =>
        new(net.Do(provider, new PostOffer("cpu", region, slots, memory, price, net.Now.After(3_600_000))).Hash);

    public static OpenJob Order(
        this TestNetwork net, int leases = 1, ulong maxPrice = 1_000_000, Verification verification = Verification.Spot,
        ulong escrow = 100 * TestNetwork.Unit) =>
        new(TestNetwork.Content("job"), 1_000_000_000_000, maxPrice, escrow, leases, "cpu", "", 512,
            net.Now.After(600_000), verification, TestNetwork.Gateway.Id);

    public static JobId OpenJob(this TestNetwork net, OpenJob? order = null)
    {
        var id = new JobId(net.Do(TestNetwork.Owner, order ?? net.Order()).Hash);
        net.Settle();
        return id;
    }

    public static TaskIssue Task(
        string node, TestKey provider, bool steering = false, ulong work = 1_000_000_000, params TaskId[] parents) =>
        new(node, parents, TestNetwork.Content("spec " + node), work, TestNetwork.Content("graph"), steering, provider.Id);

    public static TaskId Issue(this TestNetwork net, JobId job, TaskIssue issue)
    {
        net.Do(TestNetwork.Gateway, new IssueTasks(job, [issue]));
        var roots = Array.ConvertAll(issue.Parents, p => net.State.Tasks.Find(p)!.Current.Claim!.Root());
        return Derived.TaskId(job, issue.Node, roots);
    }

    /// <summary>A result whose trace has some states; a lie differs from the third on.</summary>
    public static (ResultClaim Claim, Hash256[] Trace) Result(TaskId task, bool lie = false)
    {
        var trace = new Hash256[5];
        for (var i = 0; i < trace.Length; i++)
            trace[i] = TestNetwork.Content($"{task} {i}{(lie && i >= 2 ? " lie" : "")}");
        Hash256[] outputs = [Blake3.Hash(Output(task, 0, lie)), Blake3.Hash(Output(task, 1, lie))];
        return (new ResultClaim(outputs, MerkleTree.Root(trace), trace.Length), trace);
    }

    /// <summary>The bytes of an output of such a result: one chunk.</summary>
    public static byte[] Output(TaskId task, int output, bool lie = false) =>
        System.Text.Encoding.UTF8.GetBytes($"{task} {(output == 0 ? "output" : "metrics")} {lie}");

    /// <summary>Commits and reveals in one batch.</summary>
    public static void Deliver(this TestNetwork net, TestKey provider, TaskId task, bool lie = false)
    {
        var attempt = net.State.Tasks.Find(task)!.Current.Number;
        var claim = Result(task, lie).Claim;
        var commitment = Derived.Commitment(net.State.Chain, task, attempt, provider.Id, Salt, claim.Root());
        var result = net.Apply(
            net.Sign(provider, new CommitResult(task, attempt, commitment)),
            net.Sign(provider, new RevealResult(task, attempt, Salt, claim)));
        Assert.All(result.Outcomes, o => Assert.Equal(FailureCode.None, o.Code));
    }

    /// <summary>Commits only.</summary>
    public static void Commit(this TestNetwork net, TestKey provider, TaskId task, ResultClaim? claim = null) =>
        net.Do(provider, new CommitResult(task, net.Attempt(task).Number, Derived.Commitment(
            net.State.Chain, task, net.Attempt(task).Number, provider.Id, Salt, (claim ?? Result(task).Claim).Root())));

    /// <summary>Shows what <see cref="Commit"/> committed to.</summary>
    public static RevealResult Revealed(this TestNetwork net, TaskId task, ResultClaim? claim = null) =>
        new(task, net.Attempt(task).Number, Salt, claim ?? Result(task).Claim);

    public static Hash256[] Seeds(TestKey auditor) => TestNetwork.Chain(auditor.Name, 512);

    public static void Enrol(this TestNetwork net, params TestKey[] auditors)
    {
        foreach (var auditor in auditors)
            net.Do(auditor, new EnrolAuditor(Seeds(auditor)[0]));
    }

    public static Hash256 Seed(this TestNetwork net, TestKey auditor, ulong epoch)
    {
        var chain = Seeds(auditor);
        var record = net.State.Auditors.Find(auditor.Id)!;
        return chain[Array.IndexOf(chain, record.Tip) + ((int)epoch - (int)record.TipEpoch)];
    }

    /// <summary>What an honest auditor commits to.</summary>
    public static Verdict[] Verdicts(this TestNetwork net, TestKey auditor, ulong epoch) =>
        [.. Draws.Selected(net.State, auditor.Id, net.Seed(auditor, epoch), epoch)
            .Select(d => new Verdict(d.Task, d.Attempt, Result(d.Task).Claim.Root()))];

    public static CommitVerdicts Committed(this TestNetwork net, TestKey auditor, ulong epoch, Verdict[] verdicts)
    {
        net.Verdicts.TryAdd((auditor, epoch), verdicts);
        return new(epoch, Derived.VerdictsCommitment(net.State.Chain, epoch, auditor.Id, Salt, verdicts));
    }

    public static RevealVerdicts Shown(this TestNetwork net, TestKey auditor, ulong epoch) =>
        new(epoch, net.Seed(auditor, epoch), Salt, net.Verdicts.GetValueOrDefault((auditor, epoch), []));

    /// <summary>Runs the open epochs to their ends with these auditors, all honest.</summary>
    public static void Audit(this TestNetwork net, params TestKey[] auditors)
    {
        for (var i = 0; net.State.OpenEpochs() is [var epoch, ..]; i++)
        {
            Assert.True(i < 1_000, "epochs do not end");
            if (epoch.Phase is EpochPhase.Open or EpochPhase.Drawing)
                net.Pass(net.Genesis.Rules.EpochMs);
            else if (epoch.Phase == EpochPhase.Committing && Owing(net, epoch, auditors, AuditorProgress.Owing) is { } next)
                net.Do(next, net.Committed(next, epoch.Number, net.Verdicts(next, epoch.Number)));
            else if (epoch.Phase == EpochPhase.Revealing && Owing(net, epoch, auditors, AuditorProgress.Committed) is { } last)
                net.Do(last, net.Shown(last, epoch.Number));
            else
                net.Pass(epoch.Due.Milliseconds - net.Now.Milliseconds);
        }
    }

    public static AttemptRecord Attempt(this TestNetwork net, TaskId task) => net.State.Tasks.Find(task)!.Current;

    private static TestKey? Owing(TestNetwork net, EpochRecord epoch, TestKey[] auditors, AuditorProgress progress) =>
        auditors.FirstOrDefault(a => epoch.IndexOf(a.Id) is >= 0 and var i && epoch.Auditors[i].Progress == progress);
}
