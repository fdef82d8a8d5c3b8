using Starling.Arithmetic;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Reference;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Compute.Tensors;
using Xunit;

namespace Starling.Tests.Compute.Graphs;

public sealed class PackedWeightsTests
{
    [Fact]
    public void Executors_that_share_packings_have_the_bits_of_the_reference()
    {
        using TensorMemory weights = Weights();
        var backend = VectorBackend.Best();
        using PackedWeights packed = new(backend, weights);
        long bytes = 0;
        foreach (int rows in new[] { 1, 2, 16 })
        {
            Graph graph = Layer(rows);
            using TensorMemory x = new(TensorLayout.Create([("x", new Shape(rows, 40))]));
            Numbers.Normal(x.Tensors[0].Shape, seed: 5, (uint)rows, scale: 1f).CopyTo(x.Tensors[0].Span);
            using GraphExecutor plain = new(graph, MemoryPlan.Create(graph), new ScalarBackend());
            using GraphExecutor fast = new(graph, MemoryPlan.Create(graph), backend, packed);
            foreach (GraphExecutor executor in new[] { plain, fast })
            {
                executor.Bind(weights);
                executor.Bind(x);
                executor.Run();
            }

            Assert.Equal(Numbers.Bits(plain.Output("y").Span), Numbers.Bits(fast.Output("y").Span));
            Assert.True(bytes == 0 ? packed.Bytes > 0 : packed.Bytes == bytes, "each matrix is packed once");
            bytes = packed.Bytes;
        }
    }

    [Fact]
    public void Disposed_weights_are_refused()
    {
        using TensorMemory weights = Weights();
        var backend = VectorBackend.Best();
        PackedWeights packed = new(backend, weights);
        Graph graph = Layer(1);
        using TensorMemory x = new(TensorLayout.Create([("x", new Shape(1, 40))]));
        using GraphExecutor executor = new(graph, MemoryPlan.Create(graph), backend, packed);
        executor.Bind(weights);
        executor.Bind(x);
        packed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => executor.Run());
    }

    /// <summary>Two products by the same matrix, once transposed, and one by a value that is no weight.</summary>
    private static Graph Layer(int rows)
    {
        GraphBuilder builder = new();
        Value x = builder.Input("x", new Shape(rows, 40)), w = builder.Input("w", new Shape(40, 40));
        Value bias = builder.Input("bias", new Shape(1, 40));
        Value hidden = builder.AddRow(builder.Product(x, w, transposeRight: true), bias);
        Value back = builder.Product(hidden, w);
        builder.Output("y", builder.Product(back, builder.Product(back, hidden, transposeLeft: true)));
        return builder.Build();
    }

    private static TensorMemory Weights()
    {
        TensorMemory weights = new(TensorLayout.Create([("w", new Shape(40, 40)), ("bias", new Shape(1, 40))]));
        for (int i = 0; i < 2; i++)
            Numbers.Normal(weights.Tensors[i].Shape, seed: 4, (uint)i, scale: 0.3f).CopyTo(weights.Tensors[i].Span);
        return weights;
    }
}
