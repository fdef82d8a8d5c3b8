using BenchmarkDotNet.Attributes;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;

namespace Starling.Kernels;

/// <summary>x . W^T with W packed inside the call and in advance: squares, layers of transformers, and few rows.</summary>
public class Products : KernelBenchmark
{
    private Action _packing = null!, _packed = null!;
    private PackedMatrix _weights = null!;

    /// <summary>Rows of x, columns of the result, columns of x.</summary>
    [Params("512x512x512", "1024x1024x1024", "1024x3072x768", "256x768x3072", "1x3072x768", "4x3072x768", "8x50257x768")]
    public string Size { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Start(Threads);
        if (Array.ConvertAll(Size.Split('x'), int.Parse) is not [var m, var n, var k])
            throw new InvalidOperationException($"{Size} is not M x N x K");
        var product = new Operator(OperatorKind.Product) { TransposeRight = true };
        TensorView x = Tensor(new(m, k)), w = Tensor(new(n, k)), y = Tensor(new(m, n));
        TensorView[] inputs = [x, w];
        _weights = Backend.Pack(product, w);
        _packing = () => Backend.Run(product, inputs, y);
        _packed = () => Backend.RunPacked(product, x, _weights, y);
    }

    [Benchmark]
    public void Packing() => _packing();

    [Benchmark]
    public void Packed() => _packed();

    public override void Dispose()
    {
        _weights.Dispose();
        base.Dispose();
    }
}
