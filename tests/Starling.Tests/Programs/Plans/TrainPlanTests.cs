using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Programs.Jobs;
using Xunit;

namespace Starling.Tests.Programs.Plans;

public sealed class TrainPlanTests
{
    private static readonly JobSpec s_tiny = JobTexts.PinExample("tiny.yaml");
    private static readonly JobId s_job = new(Blake3.Hash("a job"u8));

    [Fact]
    public void Nodes_stand_after_their_parents_and_inputs_come_from_parents()
    {
        var plan = Plan.Create(s_tiny);
        HashSet<string> seen = [];
        foreach (var node in plan.Nodes)
        {
            Assert.All(node.Parents, parent => Assert.Contains(parent, seen));
            Assert.All(node.Inputs, input => Assert.True(input.Node is null || node.Parents.Contains(input.Node)));
            Assert.True(seen.Add(node.Name));
        }

        Assert.Equal("export", plan.Nodes[^1].Name);
        Assert.Equal(20, plan.TotalSteps);
    }

    [Fact]
    public void A_plan_is_a_pure_function_of_the_job()
    {
        var a = Plan.Create(s_tiny).Nodes;
        var b = Plan.Create(s_tiny).Nodes;
        Assert.Equal(a.Select(n => (n.Name, n.Work, n.Graph)), b.Select(n => (n.Name, n.Work, n.Graph)));
        Assert.All(a.Zip(b), pair => Assert.Equal(pair.First.Parameters, pair.Second.Parameters));
    }

    [Fact]
    public void Any_order_of_completion_gives_the_same_tasks_and_results()
    {
        var reference = new LocalResults(s_tiny);
        reference.Finish(tasks => tasks[0]);
        for (var seed = 1UL; seed <= 20; seed++)
        {
            LocalResults other = new(s_tiny);
            Starling.Arithmetic.Random.Philox random = new(seed, 99, 0);
            var draw = 0UL;
            other.Finish(tasks => tasks[(int)random.Below(draw++, (uint)tasks.Count)]);
            Assert.True(reference.Results.OrderBy(r => r.Key).SequenceEqual(other.Results.OrderBy(r => r.Key)), $"seed {seed}");
        }
    }

    [Fact]
    public void A_replaced_result_changes_every_descendant_and_nothing_else()
    {
        LocalResults run = new(s_tiny);
        run.Finish(tasks => tasks[0]);
        var before = new Dictionary<string, TaskResult>(run.Results);
        var wrong = run.Results["inner/1/0"];
        run.Results["inner/1/0"] = wrong with { Claim = LocalResults.Fake(3, "the right one") };

        var step = run.Plan.Next(s_job, run.Results);
        Assert.Null(step.End);
        Assert.Equal(["merge/1"], step.Tasks.Select(t => t.Node));
        run.Finish(tasks => tasks[0]);
        foreach (var node in new[] { "merge/1", "evaluate/1", "inner/2/0", "inner/2/1", "merge/2", "evaluate/2", "export" })
            Assert.NotEqual(before[node].Task, run.Results[node].Task);
        foreach (var node in new[] { "tokens", "initial", "inner/0/0", "merge/0", "inner/1/0", "inner/1/1" })
            Assert.Equal(before[node].Task, run.Results[node].Task);
    }

    [Fact]
    public void A_fault_stops_the_plan_and_names_the_node()
    {
        LocalResults run = new(s_tiny);
        run.FinishUntil("inner/1/1");
        var task = run.Plan.Next(s_job, run.Results).Tasks.Single(t => t.Node == "inner/1/1");
        run.Results["inner/1/1"] = new TaskResult(task.Id, LocalResults.Fake(1, "metrics") with { Fault = 1 });
        var end = Assert.IsType<PlanEnd.Faulted>(run.Plan.Next(s_job, run.Results).End);
        Assert.Equal("inner/1/1", end.Node);
    }

    [Fact]
    public void The_quote_is_the_sum_of_all_tasks()
    {
        foreach (var file in new[] { "tiny.yaml", "table.yaml", "shakespeare.yaml" })
        {
            var plan = Plan.Create(JobTexts.PinExample(file));
            var quote = plan.Quote();
            Assert.Equal(plan.Nodes.Aggregate(0UL, (sum, n) => sum + n.Work), quote.Work);
            Assert.Equal(quote.Work, quote.Lines.Aggregate(0UL, (sum, l) => sum + l.Work));
            Assert.Equal(plan.Nodes.Count, quote.Tasks);
        }
    }

    [Fact]
    public void Only_inner_steps_and_measurements_are_spot_audited_and_only_measurements_are_left_to_the_auditors()
    {
        var plan = Plan.Create(s_tiny);
        Assert.All(plan.Nodes, n => Assert.Equal(n.Kind is not ("inner" or "evaluate"), n.Steering));
        Assert.All(plan.Nodes, n => Assert.Equal(n.Kind is "evaluate", n.Graph.IsZero));
    }

    [Fact]
    public void Nothing_builds_on_a_result_that_no_dispute_can_search_unless_every_auditor_recomputes_it()
    {
        foreach (var file in new[] { "tiny.yaml", "table.yaml", "shakespeare.yaml" })
        {
            var nodes = Plan.Create(JobTexts.PinExample(file)).Nodes;
            var open = nodes.Where(n => n.Graph.IsZero && !n.Steering).Select(n => n.Name).ToHashSet();
            Assert.NotEmpty(open);
            Assert.DoesNotContain(nodes, n => n.Parents.Any(open.Contains));
            Assert.True(nodes[^1].Steering);
        }
    }

    /// <summary>A plan driven with made-up results that are functions of their tasks.</summary>
    private sealed class LocalResults(JobSpec spec)
    {
        public IPlan Plan { get; } = Starling.Programs.Plans.Plan.Create(spec);

        public Dictionary<string, TaskResult> Results { get; } = [];

        public void Finish(Func<IReadOnlyList<PlannedTask>, PlannedTask> pick)
        {
            while (Plan.Next(s_job, Results) is { End: null } step)
                Complete(pick(step.Tasks));
        }

        public void FinishUntil(string node)
        {
            while (Plan.Next(s_job, Results).Tasks is var tasks && tasks.All(t => t.Node != node))
                Complete(tasks[0]);
        }

        public static ResultClaim Fake(int outputs, string about) => new(
            [.. Enumerable.Range(0, outputs).Select(i => Blake3.Hash(System.Text.Encoding.UTF8.GetBytes($"{about} {i}")))], Hash256.Zero, 0);

        private void Complete(PlannedTask task)
        {
            var node = Plan.Nodes.Single(n => n.Name == task.Node);
            Results[task.Node] = new TaskResult(task.Id, Fake(node.Outputs, $"{task.Id}"));
        }
    }
}
