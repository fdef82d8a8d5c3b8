using BenchmarkDotNet.Attributes;
using Starling.Arithmetic.Catalogue;

namespace Starling.Kernels;

/// <summary>Operators that work row by row or element by element, on a batch of 2048 tokens, on one thread.</summary>
public class Rows : KernelBenchmark
{
    private const int Tokens = 2048, Width = 256;

    private Action _once = null!;

    [Params(
        OperatorKind.Softmax, OperatorKind.LayerNorm, OperatorKind.LayerNormGradInput, OperatorKind.RmsNorm,
        OperatorKind.RmsNormGradInput, OperatorKind.Gelu, OperatorKind.GeluGrad, OperatorKind.SwiGlu)]
    public OperatorKind Kind { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Start(threads: 1);
        Arithmetic.Shape x = new(Tokens, Width), row = new(1, Width);
        _once = Call(new Operator(Kind) { Epsilon = 1e-5f }, Kind switch
        {
            OperatorKind.LayerNorm => [x, row, row],
            OperatorKind.RmsNorm => [x, row],
            OperatorKind.LayerNormGradInput or OperatorKind.RmsNormGradInput => [x, row, x],
            OperatorKind.GeluGrad or OperatorKind.SwiGlu => [x, x],
            _ => [x],
        });
    }

    [Benchmark]
    public void Run() => _once();
}
