using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;

namespace Starling.Bench;

/// <summary>Operators over memory of their own, to be run in order again and again.</summary>
internal sealed class OperatorRun(IBackend backend) : IDisposable
{
    private readonly List<Operand> _memory = [];
    private readonly List<(Operator Operator, TensorView[] Inputs, TensorView Output)> _steps = [];

    public OperatorRun()
        : this(VectorBackend.Best())
    {
    }

    public TensorView Tensor(int rows, int columns)
    {
        _memory.Add(new Operand(rows, columns));
        return _memory[^1].View;
    }

    /// <summary>Adds a step and returns its output.</summary>
    public TensorView Apply(Operator op, params TensorView[] inputs)
    {
        var shape = Shapes.Infer(op, Array.ConvertAll(inputs, input => input.Shape));
        var output = Tensor(shape.Rows, shape.Columns);
        _steps.Add((op, inputs, output));
        return output;
    }

    public TensorView Apply(OperatorKind kind, params TensorView[] inputs) => Apply(new Operator(kind), inputs);

    /// <summary>Runs what was added so far, once, and measures only what is added later.</summary>
    public void Prepare()
    {
        Once();
        _steps.Clear();
    }

    public void Once()
    {
        foreach (var (op, inputs, output) in _steps)
            backend.Run(op, inputs, output);
    }

    public void Dispose() => _memory.ForEach(static memory => memory.Dispose());
}
