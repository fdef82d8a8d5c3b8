using Starling.Ledger.Records;
using Starling.Node.Plans;
using Starling.Programs.Plans;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Programs.Jobs;
using Xunit;
using Plan = Starling.Programs.Plans.Plan;

namespace Starling.Tests.Node;

public sealed class RetentionTests
{
    private static readonly IPlan s_plan = Plan.Create(JobTexts.PinExample("tiny.yaml"));

    private readonly JobRecord _open = new(default, 1, default, null!, 1);

    [Fact]
    public void AResultIsNeededUntilAllThatReadsItIsFinal()
    {
        Assert.Contains("initial", Needed("tokens", "initial", "inner/0/0"));
        Assert.Contains("initial", Needed("tokens", "initial", "inner/0/0", "inner/0/1"));
        var needed = Needed("tokens", "initial", "inner/0/0", "inner/0/1", "merge/0");
        Assert.DoesNotContain("initial", needed);
        Assert.Contains("tokens", needed);
        Assert.Contains("inner/0/0", needed);
    }

    [Fact]
    public void AReaderThatIsNotIssuedYetStillNeedsItsInputs()
    {
        var needed = Needed("tokens", "initial", "inner/0/0", "inner/0/1", "merge/0", "evaluate/0");
        Assert.Contains("inner/0/0", needed);
        Assert.Contains("merge/0", needed);
    }

    [Fact]
    public void ANodeWithAnAttemptUnderWayIsNotFinal()
    {
        var tasks = Tasks(["tokens", "initial", "inner/0/0", "inner/0/1", "merge/0"]);
        tasks.Add(Task("merge/0", TaskPhase.Live, 99));
        Assert.Contains("initial", new Retention(s_plan).Needed(_open, tasks).Select(t => t.Issue.Node));
    }

    [Fact]
    public void TheOutcomeAndTheStateItCameFromStayForGood()
    {
        var all = s_plan.Nodes.Select(n => n.Name).ToArray();
        var outcome = new[] { "merge/2", "export" };
        Assert.Equal(outcome, Needed(all).Where(n => !n.StartsWith("evaluate", StringComparison.Ordinal)));
        var closed = _open with { Status = JobStatus.Closed };
        Assert.Equal(outcome, new Retention(s_plan).Needed(closed, Tasks(all)).Select(t => t.Issue.Node));
    }

    private static List<TaskRecord> Tasks(IEnumerable<string> final) => [.. final.Select((n, i) => Task(n, TaskPhase.Final, i))];

    private static TaskRecord Task(string node, TaskPhase phase, int number)
    {
        var id = new Starling.Protocol.TaskId(Blake3.Hash(BitConverter.GetBytes(number)));
        var issue = new TaskIssue(node, [], default, 1, default, false, default);
        return new TaskRecord(id, default, issue, phase, default, [new AttemptRecord(0, default, default)]);
    }

    private IEnumerable<string> Needed(params string[] final) =>
        new Retention(s_plan).Needed(_open, Tasks(final)).Select(t => t.Issue.Node);
}
