using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

/// <summary>
/// Operators against their formulas in double precision: root mean square error over root mean square value, in units of
/// 2^-24, with bounds about a quarter above what was measured. <c>bench/compare accuracy</c> has PyTorch beside them.
/// </summary>
public class AccuracyTests(ITestOutputHelper output)
{
    private const ulong Seed = 99;

    private static readonly Dictionary<string, (Operator Operator, Shape[] Inputs, double Limit)> Cases = new()
    {
        ["product, 768"] = (new(OperatorKind.Product) { TransposeRight = true }, [new(20, 768), new(30, 768)], 7),
        ["product, 3072"] = (new(OperatorKind.Product) { TransposeRight = true }, [new(20, 3072), new(30, 3072)], 7),
        ["product, 16384"] = (new(OperatorKind.Product) { TransposeRight = true }, [new(5, 16384), new(10, 16384)], 7),
        ["softmax"] = (new(OperatorKind.Softmax), [new(30, 1000)], 1.5),
        ["layer norm"] = (new(OperatorKind.LayerNorm) { Epsilon = 1e-5f }, [new(30, 768), new(1, 768), new(1, 768)], 1.05),
        ["rms norm"] = (new(OperatorKind.RmsNorm) { Epsilon = 1e-5f }, [new(30, 768), new(1, 768)], 1.05),
        ["gelu"] = (new(OperatorKind.Gelu), [new(30, 500)], 1),
        ["swiglu"] = (new(OperatorKind.SwiGlu), [new(30, 500), new(30, 500)], 1.1),
        ["cross-entropy"] = (new(OperatorKind.CrossEntropy), [new(30, 1000), new(30, 1)], 0.9),
        ["attention"] = (
            new(OperatorKind.Attention) { Heads = 4, KeyHeads = 2, HeadSize = 64, QueryRows = 80, KeyRows = 80 },
            [new(80, 256), new(80, 128), new(80, 128), new(80, 1)], 4.1),
        ["convolution"] = (
            new(OperatorKind.Convolution) { Height = 9, Width = 8, KernelHeight = 3, KernelWidth = 3, Stride = 1, Padding = 1 },
            [new(72, 64), new(20, 576)], 5.5),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void ErrorsStayWithinTheirBounds(string name)
    {
        (Operator op, Shape[] shapes, double limit) = Cases[name];
        GraphBuilder builder = new();
        var values = new Value[shapes.Length];
        Dictionary<string, float[]> inputs = [];
        for (int i = 0; i < shapes.Length; i++)
        {
            values[i] = builder.Input($"x{i}", shapes[i]);
            // A single column holds positions or targets.
            inputs[$"x{i}"] = shapes[i].Columns == 1 ? Numbers.Positions(1, shapes[i].Rows) : Numbers.Normal(shapes[i], Seed, (uint)i);
        }

        builder.Output("y", builder.Apply(op, values));
        Graph graph = builder.Build();
        float[] ours = NaiveRun.Run(graph, inputs, VectorBackend.Best())[^1];
        double[] exact = DoubleRun.Run(
            graph, inputs.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, x => (double)x)), graph.Outputs[0].Value);
        double error = 0, size = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            error += (ours[i] - exact[i]) * (ours[i] - exact[i]);
            size += exact[i] * exact[i];
        }

        double relative = Math.Sqrt(error / size) * (1 << 24);
        output.WriteLine($"{name}: {relative:f3} of 2^-24");
        Assert.True(relative <= limit, $"{name} (seed {Seed}): {relative:f3} of 2^-24, allowed {limit}");
    }
}
