using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;

namespace Starling.Compute.Graphs;

/// <summary>An output that is written over the memory of an input: a parameter, a moment, a cache.</summary>
public readonly record struct InPlace(string Output, string Input);

/// <summary>A node's memory: at <paramref name="Offset"/> of the arena, or that of an input.</summary>
public readonly record struct Placement(int Input, long Offset)
{
    public bool IsArena => Input < 0;
}

/// <summary>
/// Assigns every node of a graph its memory once: arena offsets by liveness, 64-byte aligned, best fit. Elementwise
/// operators write over their first input where nothing reads it later. Outputs live to the end of the run.
/// </summary>
public sealed class MemoryPlan
{
    public const int Alignment = 64;

    private readonly Placement[] placements;

    private MemoryPlan(Placement[] placements, long arenaBytes)
    {
        this.placements = placements;
        ArenaBytes = arenaBytes;
    }

    public long ArenaBytes { get; }

    /// <summary>Placement of each node, in node order.</summary>
    public ReadOnlySpan<Placement> Placements => placements;

    /// <summary>Plans the graph; each pair of <paramref name="inPlace"/> shares the memory of its input.</summary>
    /// <exception cref="ArgumentException">A pair names no values, or its input is read afterwards.</exception>
    public static MemoryPlan Create(Graph graph, params ReadOnlySpan<InPlace> inPlace)
    {
        int[] lastUse = LastUses(graph);
        var placements = new Placement[graph.Nodes.Length];
        Array.Fill(placements, new Placement(-1, -1));
        foreach (InPlace pair in inPlace)
            Alias(graph, lastUse, placements, pair);

        ArenaAllocator arena = new();
        ILookup<int, int> dying = Enumerable.Range(0, lastUse.Length).ToLookup(value => lastUse[value]);
        for (int node = 0; node < placements.Length; node++)
        {
            if (placements[node].IsArena)
                Place(graph, lastUse, placements, arena, node);
            FreeDead(graph, dying, placements, arena, node);
        }

        return new MemoryPlan(placements, arena.HighWater);
    }

    /// <summary>Bytes that a value takes in the arena.</summary>
    public static long BytesOf(Shape shape) =>
        checked(((shape.Elements * sizeof(float)) + Alignment - 1) / Alignment * Alignment);

    /// <summary>Whether the operator computes each element from the same element of its first input.</summary>
    internal static bool WritesOverFirstInput(OperatorKind kind) => kind is
        OperatorKind.Add or OperatorKind.Multiply or OperatorKind.Scale or OperatorKind.AddRow or
        OperatorKind.Relu or OperatorKind.ReluGrad or OperatorKind.Gelu or OperatorKind.GeluGrad or
        OperatorKind.SwiGlu or OperatorKind.SwiGluGradGate or OperatorKind.SwiGluGradUp or OperatorKind.CacheWrite or
        OperatorKind.AdamFirstMoment or OperatorKind.AdamSecondMoment or OperatorKind.AdamUpdate or
        OperatorKind.ClipByNorm or OperatorKind.OuterVelocity or OperatorKind.OuterUpdate;

    /// <summary>Per value the last node that reads it or whose group does: the end of the run for outputs, -1 for none.</summary>
    internal static int[] LastUses(Graph graph)
    {
        var lastUse = new int[graph.ValueCount];
        Array.Fill(lastUse, -1);
        for (int node = 0; node < graph.Nodes.Length; node++)
            foreach (ValueId operand in graph.Nodes[node].Inputs)
                lastUse[operand.Index] = node;
        foreach (AttentionGroup group in AttentionGroup.Find(graph))
            foreach (ValueId operand in group.HeldOperands(graph))
                lastUse[operand.Index] = Math.Max(lastUse[operand.Index], group.Value);
        foreach (GraphOutput output in graph.Outputs)
            lastUse[output.Value.Index] = graph.Nodes.Length;
        return lastUse;
    }

    private static void Alias(Graph graph, int[] lastUse, Placement[] placements, InPlace pair)
    {
        int input = Array.FindIndex(graph.Inputs, candidate => candidate.Name == pair.Input);
        GraphOutput? output = Array.Find(graph.Outputs, candidate => candidate.Name == pair.Output);
        if (input < 0 || output is null)
            throw new ArgumentException($"The graph has no input '{pair.Input}' or no output '{pair.Output}'.");
        int node = output.Value.Index - graph.Inputs.Length;
        if (!CanOverwrite(graph, lastUse, node) || graph.Nodes[node].Inputs[0].Index != input)
            throw new ArgumentException($"Output '{pair.Output}' cannot be written over input '{pair.Input}'.");
        placements[node] = new Placement(input, 0);
    }

    private static bool CanOverwrite(Graph graph, int[] lastUse, int node)
    {
        GraphNode candidate = graph.Nodes[node];
        if (!WritesOverFirstInput(candidate.Operator.Kind))
            return false;
        ValueId first = candidate.Inputs[0];
        return lastUse[first.Index] == node
            && graph.ShapeOf(first) == candidate.Shape
            && Array.LastIndexOf(candidate.Inputs, first) == 0;
    }

    private static void Place(Graph graph, int[] lastUse, Placement[] placements, ArenaAllocator arena, int node)
    {
        int source = graph.Nodes[node].Inputs[0].Index - graph.Inputs.Length;
        bool takesOver = source >= 0 && placements[source].IsArena && CanOverwrite(graph, lastUse, node);
        placements[node] = takesOver
            ? placements[source]
            : new Placement(-1, arena.Allocate(BytesOf(graph.Nodes[node].Shape)));
    }

    /// <summary>Frees what the node is the last to need, and its own result if nothing reads it.</summary>
    private static void FreeDead(
        Graph graph, ILookup<int, int> dying, Placement[] placements, ArenaAllocator arena, int node)
    {
        foreach (int value in dying[node])
        {
            int source = value - graph.Inputs.Length;
            bool handedOn = source >= 0 && placements[source] == placements[node];
            if (source >= 0 && !handedOn)
                Free(graph, placements, arena, source);
        }

        if (dying[-1].Contains(graph.Inputs.Length + node))
            Free(graph, placements, arena, node);
    }

    private static void Free(Graph graph, Placement[] placements, ArenaAllocator arena, int node)
    {
        if (placements[node].IsArena)
            arena.Free(placements[node].Offset, BytesOf(graph.Nodes[node].Shape));
    }
}
