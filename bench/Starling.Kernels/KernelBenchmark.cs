using BenchmarkDotNet.Attributes;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Bench;
using Starling.Compute.Kernels;

namespace Starling.Kernels;

/// <summary>The back end of this machine's best path on some threads, and operands that live as long as a benchmark.</summary>
[MemoryDiagnoser]
public abstract class KernelBenchmark
{
    private readonly List<Operand> _operands = [];
    private WorkerPool? _pool;

    protected VectorBackend Backend { get; private set; } = null!;

    [GlobalCleanup]
    public virtual void Dispose()
    {
        _operands.ForEach(operand => operand.Dispose());
        _operands.Clear();
        _pool?.Dispose();
    }

    protected void Start(int threads) => Backend = VectorBackend.Best(_pool = new WorkerPool(threads));

    protected TensorView Tensor(Shape shape)
    {
        _operands.Add(new Operand(shape.Rows, shape.Columns));
        return _operands[^1].View;
    }

    protected Action Call(Operator op, params Shape[] shapes)
    {
        var inputs = Array.ConvertAll(shapes, Tensor);
        var output = Tensor(Shapes.Infer(op, shapes));
        return () => Backend.Run(op, inputs, output);
    }
}
