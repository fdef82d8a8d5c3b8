using System.Diagnostics;
using Starling.Arithmetic;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;

namespace Starling.Bench;

/// <summary>Where a GPT-2 training step spends its time: one row per kind of operator and shape of output. No peer.</summary>
internal sealed class StepProfile : IComparison
{
    private const double SmallestShare = 0.5;

    public string Name => "step-profile";

    public IEnumerable<Row> Run(Settings settings)
    {
        using var run = new StepRun(StepCase.Gpt2, threads: 1);
        var clock = new NodeClock(run.Graph.Nodes.Length);
        var watch = Stopwatch.StartNew();
        var steps = 0;
        while (steps == 0 || watch.Elapsed.TotalSeconds < 10 * settings.Seconds)
        {
            clock.Start();
            run.Steps(1, clock);
            steps++;
        }

        var total = (double)clock.Ticks.Sum();
        yield return new Row("whole step", "ms", 1e3 * total / Stopwatch.Frequency / steps);
        foreach (var group in run.Graph.Nodes.Select((node, i) => (Key: Describe(run.Graph, node), Ticks: clock.Ticks[i]))
            .GroupBy(n => n.Key).Select(g => (g.Key, Count: g.Count(), Ticks: g.Sum(n => n.Ticks))).OrderByDescending(g => g.Ticks))
        {
            var share = 100 * group.Ticks / total;
            if (share >= SmallestShare)
                yield return new Row($"{group.Count} x {group.Key}", "% of the step", share);
        }
    }

    private static string Describe(Graph graph, GraphNode node)
    {
        var first = graph.ShapeOf(node.Inputs[0]);
        var sides = (node.Operator.TransposeLeft ? "T" : "") + (node.Operator.TransposeRight ? "t" : "");
        return $"{node.Operator.Kind}{(sides.Length > 0 ? " " + sides : "")} {first} -> {node.Shape}";
    }

    private sealed class NodeClock(int nodes) : IGraphObserver
    {
        private long _last;

        public long[] Ticks { get; } = new long[nodes];

        public void Start() => _last = Stopwatch.GetTimestamp();

        public void Computed(int node, TensorView value)
        {
            var now = Stopwatch.GetTimestamp();
            Ticks[node] += now - _last;
            _last = now;
        }
    }
}
