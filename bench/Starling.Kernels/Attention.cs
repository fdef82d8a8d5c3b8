using BenchmarkDotNet.Attributes;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Kernels;

/// <summary>Causal attention of 8 sequences with 8 heads of 32, forward and its gradients, on one thread.</summary>
public class Attention : KernelBenchmark
{
    private const int Sequences = 8, Heads = 8, Size = 32;

    private Action _once = null!;

    [Params(64, 256)]
    public int Length { get; set; }

    [Params(
        OperatorKind.Attention, OperatorKind.AttentionLogSum, OperatorKind.AttentionGradQuery,
        OperatorKind.AttentionGradKey, OperatorKind.AttentionGradValue)]
    public OperatorKind Kind { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Start(threads: 1);
        var rows = Sequences * Length;
        Shape x = new(rows, Heads * Size), perHead = new(rows, Heads), positions = new(rows, 1);
        var op = new Operator(Kind)
        {
            Heads = Heads,
            KeyHeads = Heads,
            HeadSize = Size,
            QueryRows = Length,
            KeyRows = Length,
        };
        Shape[] shapes = Kind switch
        {
            OperatorKind.Attention => [x, x, x, positions],
            OperatorKind.AttentionLogSum => [x, x, positions],
            OperatorKind.AttentionGradValue => [x, x, positions, x, perHead],
            _ => [x, x, x, positions, x, perHead, perHead],
        };
        var inputs = Array.ConvertAll(shapes, Tensor);
        var place = inputs[Array.IndexOf(shapes, positions)].Span;
        for (var row = 0; row < rows; row++)
            place[row] = row % Length;
        var output = Tensor(Shapes.Infer(op, shapes));
        _once = () => Backend.Run(op, inputs, output);
    }

    [Benchmark]
    public void Run() => _once();
}
