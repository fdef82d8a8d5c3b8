using CsCheck;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Training;
using Starling.Tests.Compute.Training;
using Xunit;

namespace Starling.Tests.Compute.Graphs;

public class MemoryPlanTests
{
    [Fact]
    public void LiveValuesNeverOverlap() => Gen.ULong.Sample(seed =>
    {
        Graph graph = RandomGraphs.Draw(seed);
        Verify(graph, MemoryPlan.Create(graph), $"graph seed {seed}");
    });

    [Fact]
    public void ATrainingStepNeverOverlaps()
    {
        TrainingStep step = TrainingStep.Build(TinyRecipes.Llama());
        Verify(step.Graph, MemoryPlan.Create(step.Graph, step.InPlace), "training step");
    }

    [Fact]
    public void ATrainingStepSharesMemory()
    {
        TrainingStep step = TrainingStep.Build(TinyRecipes.Llama());
        long separate = step.Graph.Nodes.Sum(node => MemoryPlan.BytesOf(node.Shape));
        Assert.InRange(MemoryPlan.Create(step.Graph, step.InPlace).ArenaBytes, 1, separate / 4);
    }

    [Fact]
    public void AnOutputMayNotReplaceAnInputThatIsReadLater()
    {
        GraphBuilder builder = new();
        Value x = builder.Input("x", new Shape(2, 2));
        Value y = builder.Scale(x, 2);
        builder.Output("y", y);
        builder.Output("z", builder.Add(y, x));
        Graph graph = builder.Build();
        Assert.Throws<ArgumentException>(() => MemoryPlan.Create(graph, new InPlace("y", "x")));
    }

    [Fact]
    public void AnOperatorThatReadsElsewhereMayNotWriteInPlace()
    {
        GraphBuilder builder = new();
        Value x = builder.Input("x", new Shape(2, 2));
        builder.Output("y", builder.Product(x, builder.Input("w", new Shape(2, 2))));
        Graph graph = builder.Build();
        Assert.Throws<ArgumentException>(() => MemoryPlan.Create(graph, new InPlace("y", "x")));
    }

    /// <summary>Walks the graph in order and checks each result against everything still to be read.</summary>
    private static void Verify(Graph graph, MemoryPlan plan, string what)
    {
        int[] lastUse = MemoryPlan.LastUses(graph);
        for (int node = 0; node < graph.Nodes.Length; node++)
        {
            (long begin, long end) = Span(graph, plan, node);
            Assert.True(begin % MemoryPlan.Alignment == 0 && end <= plan.ArenaBytes, $"{what}: node {node} is misplaced");
            for (int other = 0; other < node; other++)
            {
                (long otherBegin, long otherEnd) = Span(graph, plan, other);
                bool overlaps = plan.Placements[node].IsArena && plan.Placements[other].IsArena
                    && begin < otherEnd && otherBegin < end;
                if (overlaps)
                    Assert.True(
                        MayReplace(graph, lastUse, node, other, sameStart: begin == otherBegin),
                        $"{what}: node {node} overwrites node {other}, which is still read");
            }
        }
    }

    private static bool MayReplace(Graph graph, int[] lastUse, int node, int other, bool sameStart)
    {
        int value = graph.Inputs.Length + other;
        if (lastUse[value] != node)
            return lastUse[value] < node;
        ValueId[] operands = graph.Nodes[node].Inputs;
        return sameStart && operands[0].Index == value && operands.Count(operand => operand.Index == value) == 1
            && MemoryPlan.WritesOverFirstInput(graph.Nodes[node].Operator.Kind);
    }

    private static (long Begin, long End) Span(Graph graph, MemoryPlan plan, int node) =>
        plan.Placements[node].IsArena
            ? (plan.Placements[node].Offset, plan.Placements[node].Offset + MemoryPlan.BytesOf(graph.Nodes[node].Shape))
            : (0, 0);
}
