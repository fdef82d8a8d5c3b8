using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;

namespace Starling.Bench;

/// <summary>A graph over memory of its own, to be run again and again as a training step runs it.</summary>
internal sealed class GraphRun(IBackend backend) : IDisposable
{
    private readonly GraphBuilder _graph = new();
    private readonly Dictionary<string, Operand> _inputs = [];
    private GraphExecutor? _executor;
    private int _outputs;

    public Value Input(int rows, int columns, Func<int, float>? element = null)
    {
        var name = $"x{_inputs.Count}";
        var memory = _inputs[name] = new Operand(rows, columns);
        for (var i = 0; element is not null && i < memory.View.Span.Length; i++)
            memory.View.Span[i] = element(i);
        return _graph.Input(name, new Shape(rows, columns));
    }

    public Value Like(Value value) => Input(_graph.ShapeOf(value).Rows, _graph.ShapeOf(value).Columns);

    public Value Apply(Operator op, params Value[] inputs) => _graph.Apply(op, inputs);

    public Value Apply(OperatorKind kind, params Value[] inputs) => _graph.Apply(new Operator(kind), inputs);

    /// <summary>Applies an operator and keeps its result.</summary>
    public void Output(Operator op, params Value[] inputs) => _graph.Output($"y{_outputs++}", Apply(op, inputs));

    public void Output(OperatorKind kind, params Value[] inputs) => Output(new Operator(kind), inputs);

    public void Once() => (_executor ??= Executor()).Run();

    public void Dispose()
    {
        _executor?.Dispose();
        foreach (var memory in _inputs.Values)
            memory.Dispose();
    }

    private GraphExecutor Executor()
    {
        var graph = _graph.Build();
        var executor = new GraphExecutor(graph, MemoryPlan.Create(graph), backend);
        foreach (var (name, memory) in _inputs)
            executor.Bind(name, memory.View);
        return executor;
    }
}
