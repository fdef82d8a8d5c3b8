using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Kernels;
using Starling.Compute.Tensors;

namespace Starling.Compute.Graphs;

/// <summary>
/// Runs one graph over and over in one arena, through one back end, with no allocation per run. Bind every input once;
/// change the bound memory between runs. Not for use by two threads at a time.
/// </summary>
public sealed unsafe class GraphExecutor : IDisposable
{
    private readonly Graph graph;
    private readonly MemoryPlan plan;
    private readonly IBackend backend;
    private readonly NativeBuffer arena;
    private readonly TensorView[] values;
    private readonly TensorView[] operands;
    private readonly int[] firstOperand;
    private readonly AttentionGroup?[] groups;
    private readonly bool[] bound;
    private readonly VectorBackend? packer;
    private readonly PackedWeights? weights;
    private readonly PackedMatrix?[] packed;
    private bool linked;

    public GraphExecutor(Graph graph, MemoryPlan plan, IBackend backend)
    {
        this.graph = graph;
        this.plan = plan;
        this.backend = backend;
        arena = new NativeBuffer(plan.ArenaBytes);
        values = new TensorView[graph.ValueCount];
        operands = new TensorView[graph.Nodes.Sum(node => node.Inputs.Length)];
        bound = new bool[graph.Inputs.Length];
        packed = new PackedMatrix?[graph.Nodes.Length];
        firstOperand = new int[graph.Nodes.Length];
        for (int node = 1; node < firstOperand.Length; node++)
            firstOperand[node] = firstOperand[node - 1] + graph.Nodes[node - 1].Inputs.Length;
        groups = new AttentionGroup?[graph.Nodes.Length];
        if (backend is VectorBackend)
            foreach (AttentionGroup group in AttentionGroup.Find(graph))
                groups[group.LogSum] = groups[group.Query] = group;
        for (int node = 0; node < graph.Nodes.Length; node++)
            if (plan.Placements[node].IsArena)
                values[graph.Inputs.Length + node] = InArena(node);
    }

    /// <summary>
    /// As above; products whose right operand is bound to one of the frozen <paramref name="weights"/> read its packing,
    /// which any number of executors share. Outlived by the weights.
    /// </summary>
    public GraphExecutor(Graph graph, MemoryPlan plan, VectorBackend backend, PackedWeights weights)
        : this(graph, plan, backend) => (packer, this.weights) = (backend, weights);

    /// <summary>Gives an input its memory, which must stay alive and unmoved while this executor is used.</summary>
    /// <exception cref="ArgumentException">There is no such input, or its shape differs.</exception>
    public void Bind(string input, TensorView memory)
    {
        if (!BindIfPresent(input, memory))
            throw new ArgumentException($"The graph has no input '{input}'.", nameof(input));
    }

    /// <summary>Binds every tensor of a memory to the input of its name.</summary>
    public void Bind(TensorMemory memory)
    {
        for (int i = 0; i < memory.Layout.Entries.Count; i++)
            Bind(memory.Layout.Entries[i].Name, memory.Tensors[i]);
    }

    /// <summary>Like <see cref="Bind(string, TensorView)"/>, but says so if there is no such input.</summary>
    internal bool BindIfPresent(string input, TensorView memory)
    {
        int index = Array.FindIndex(graph.Inputs, candidate => candidate.Name == input);
        if (index < 0)
            return false;
        if (graph.Inputs[index].Shape != memory.Shape)
            throw new ArgumentException($"Input '{input}' is {graph.Inputs[index].Shape}, not {memory.Shape}.");
        bound[index] = true;
        linked = false;
        values[index] = memory;
        for (int node = 0; node < graph.Nodes.Length; node++)
            if (plan.Placements[node].Input == index)
                values[graph.Inputs.Length + node] = memory;
        return true;
    }

    /// <summary>The memory that an input is bound to.</summary>
    public TensorView Input(string name)
    {
        int index = Array.FindIndex(graph.Inputs, candidate => candidate.Name == name);
        return index >= 0 && bound[index]
            ? values[index]
            : throw new ArgumentException($"The graph has no bound input '{name}'.", nameof(name));
    }

    /// <summary>The memory of an output; its content is valid from one run to the next.</summary>
    public TensorView Output(string name)
    {
        GraphOutput output = Array.Find(graph.Outputs, candidate => candidate.Name == name)
            ?? throw new ArgumentException($"The graph has no output '{name}'.", nameof(name));
        return values[output.Value.Index];
    }

    /// <summary>Runs every node in order.</summary>
    /// <exception cref="InvalidOperationException">An input has no memory yet.</exception>
    public void Run(IGraphObserver? observer = null)
    {
        if (!linked)
            Link();
        for (int node = 0; node < graph.Nodes.Length; node++)
        {
            if (observer is null && groups[node] is { } group)
            {
                node = RunGroup(group, node);
                continue;
            }

            RunNode(node);
            observer?.Computed(node, Result(node));
        }
    }

    public void Dispose() => arena.Dispose();

    private TensorView Result(int node) => values[graph.Inputs.Length + node];

    private void RunNode(int node)
    {
        Operator op = graph.Nodes[node].Operator;
        if (packed[node] is { } right)
            packer!.RunPacked(op, operands[firstOperand[node]], right, Result(node));
        else
            backend.Run(op, Operands(node), Result(node));
    }

    private ReadOnlySpan<TensorView> Operands(int node) =>
        operands.AsSpan(firstOperand[node], graph.Nodes[node].Inputs.Length);

    /// <summary>Puts the log-sum off until the first gradient is due, then runs all; returns the last node done or put off.</summary>
    private int RunGroup(AttentionGroup group, int node)
    {
        if (node == group.LogSum)
            return node;
        AttentionCall call = AttentionCall.Of(graph.Nodes[node].Operator, Operands(node), Result(node)) with
        {
            WantsLogSum = true,
            Dk = Result(node + 1),
            Dv = Result(node + 2),
        };
        if (((VectorBackend)backend).TryRun(call))
            return group.Value;
        RunNode(group.LogSum);
        RunNode(node);
        return node;
    }

    private TensorView InArena(int node) =>
        new((float*)(arena.Pointer + plan.Placements[node].Offset), graph.Nodes[node].Shape);

    private void Link()
    {
        int missing = Array.IndexOf(bound, false);
        if (missing >= 0)
            throw new InvalidOperationException($"Input '{graph.Inputs[missing].Name}' is not bound.");
        int at = 0;
        for (int node = 0; node < graph.Nodes.Length; node++)
        {
            ReadOnlySpan<ValueId> inputs = graph.Nodes[node].Inputs;
            foreach (ValueId operand in inputs)
                operands[at++] = values[operand.Index];
            Operator op = graph.Nodes[node].Operator;
            packed[node] = op.Kind == OperatorKind.Product ? weights?.Find(op, values[inputs[1].Index]) : null;
        }

        linked = true;
    }
}
