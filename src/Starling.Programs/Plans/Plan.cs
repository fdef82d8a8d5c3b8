using Starling.Programs.Jobs;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Programs.Plans;

/// <summary>Walks the nodes of a plan; verbs only say which nodes there are.</summary>
public abstract class Plan : IPlan
{
    private readonly int _memoryMiB;

    private protected Plan(IReadOnlyList<PlanNode> nodes, int memoryMiB)
    {
        Nodes = Steered(nodes);
        _memoryMiB = memoryMiB;
        TotalSteps = nodes.Sum(node => (long)node.Steps);
    }

    public IReadOnlyList<PlanNode> Nodes { get; }

    public long TotalSteps { get; }

    public abstract IReadOnlyList<string> OutcomeFiles { get; }

    public abstract IReadOnlyList<PlanNode> Evaluations { get; }

    /// <summary>The plan of a job.</summary>
    public static IPlan Create(JobSpec spec) => new TrainPlan(spec);

    public abstract string Stage(PlanStep step);

    public PlanStep Next(JobId job, IReadOnlyDictionary<string, TaskResult> results)
    {
        Dictionary<string, TaskResult> current = new(StringComparer.Ordinal);
        List<PlannedTask> tasks = [];
        foreach (var node in Nodes)
        {
            if (!node.Parents.All(current.ContainsKey))
                continue;
            var roots = RootsOf(node, current);
            if (!results.TryGetValue(node.Name, out var result)
                || result.Task != Derived.TaskId(job, ReplicaName.Of(node.Name, result.Replica), roots))
                tasks.Add(Task(node, Derived.TaskId(job, node.Name, roots), roots, current));
            else if (result.Claim.Fault > 0)
                return new PlanStep([], current.Keys, new PlanEnd.Faulted(node.Name, result));
            else if (result.Claim.Outputs.Length == node.Outputs)
                current.Add(node.Name, result);
        }

        PlanEnd? end = current.Count == Nodes.Count ? new PlanEnd.Completed(current[Nodes[^1].Name]) : null;
        return new PlanStep(tasks, current.Keys, end);
    }

    public PlanQuote Quote()
    {
        PlanQuoteLine[] lines =
        [
            .. Nodes.GroupBy(node => node.Kind).Select(kind => new PlanQuoteLine(
                kind.Key, kind.Count(), kind.Min(n => n.Work), kind.Max(n => n.Work), Sum(kind), kind.Any(n => n.Steering))),
        ];
        return new PlanQuote(Sum(Nodes), Nodes.Count, Sum(Nodes.Where(n => n.Steering)), _memoryMiB, lines);
    }

    /// <summary>
    /// A result that nothing builds on steers nothing, unless it is the outcome (protocol.md, 8): a measurement along the way
    /// is drawn for an audit like any other work. The ledger holds a coordinator to it: no task may build on one that
    /// neither a dispute can search nor every auditor recomputes.
    /// </summary>
    private static PlanNode[] Steered(IReadOnlyList<PlanNode> nodes)
    {
        var used = nodes.SelectMany(node => node.Parents).ToHashSet(StringComparer.Ordinal);
        return [.. nodes.Select(n => n with { Steering = n.Steering && (n == nodes[^1] || used.Contains(n.Name)) })];
    }

    private static ulong Sum(IEnumerable<PlanNode> nodes) => nodes.Aggregate(0UL, (sum, node) => checked(sum + node.Work));

    private static Hash256[] RootsOf(PlanNode node, Dictionary<string, TaskResult> current)
    {
        var roots = new Hash256[node.Parents.Count];
        for (var i = 0; i < roots.Length; i++)
            roots[i] = current[node.Parents[i]].Claim.Root();
        return roots;
    }

    private static PlannedTask Task(PlanNode node, TaskId id, Hash256[] roots, Dictionary<string, TaskResult> current)
    {
        var inputs = new Hash256[node.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = node.Inputs[i] is { Node: { } parent } input
                ? current[parent].Claim.Outputs[input.Output]
                : node.Inputs[i].Content;
        return new PlannedTask(
            node.Name, id, node.Parents, [.. node.Parents.Select(parent => current[parent].Task)],
            new TaskSpec(node.Program, TaskPrograms.Version, TaskPrograms.ArithmeticVersion, node.Parameters, inputs),
            node.Work, node.Graph, node.Steering)
        {
            ParentRoots = roots,
        };
    }
}
