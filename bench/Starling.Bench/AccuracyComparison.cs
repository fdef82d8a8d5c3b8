using System.Runtime.InteropServices;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Compute.Kernels;
using static Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Bench;

/// <summary>
/// Relative root-mean-square errors against double precision, in units of 2^-24, beside PyTorch's on the same numbers; the
/// ratio is theirs over ours.
/// </summary>
internal sealed class AccuracyComparison : IComparison
{
    private static readonly (string Name, Operator? Operator, Func<float, float>? Function, Shape[] Inputs)[] s_cases =
    [
        ("product", Linear, null, [new(256, 768), new(256, 768)]),
        ("product", Linear, null, [new(256, 3072), new(256, 3072)]),
        ("product", Linear, null, [new(64, 16384), new(64, 16384)]),
        ("softmax", new(Softmax), null, [new(256, 1024)]),
        ("layer norm", new(LayerNorm) { Epsilon = 1e-5f }, null, [new(512, 768), new(1, 768), new(1, 768)]),
        ("rms norm", new(RmsNorm) { Epsilon = 1e-5f }, null, [new(512, 768), new(1, 768)]),
        ("gelu", new(Gelu), null, [new(512, 512)]),
        ("swiglu", new(SwiGlu), null, [new(512, 512), new(512, 512)]),
        ("cross-entropy", new(CrossEntropy), null, [new(512, 1024), new(512, 1)]),
        ("attention", Attend, null, [new(512, 256), new(512, 256), new(512, 256), new(512, 1)]),
        ("exp", null, Functions.Exp, [new(512, 512)]),
        ("log", null, Functions.Log, [new(512, 512)]),
        ("tanh", null, Functions.Tanh, [new(512, 512)]),
        ("sigmoid", null, Functions.Sigmoid, [new(512, 512)]),
    ];

    public string Name => "accuracy";

    private static Operator Linear => new(Product) { TransposeRight = true };

    private static Operator Attend =>
        new(Attention) { Heads = 4, KeyHeads = 4, HeadSize = 64, QueryRows = 512, KeyRows = 512 };

    public IEnumerable<Row> Run(Settings settings)
    {
        var folder = Directory.CreateTempSubdirectory("starling-accuracy-");
        PeerProcess? peer = null;
        try
        {
            foreach (var (name, op, function, shapes) in s_cases)
            {
                Operand[] inputs = [.. shapes.Select(shape => Fill(name, shape, shape.Columns == 1))];
                var shape = op is null ? shapes[0] : Shapes.Infer(op, shapes);
                using var result = new Operand(shape.Rows, shape.Columns);
                Compute(op, function, inputs, result.View);
                object[][] files = [.. inputs.Select((input, i) => Write(folder.FullName, $"input{i}", input.View))];
                var own = Write(folder.FullName, "result", result.View);
                var (ours, theirs) = (new { @operator = name, heads = 4, inputs = files, result = own }, new { @operator = name, heads = 4, inputs = files });
                peer ??= new PeerProcess("accuracy.py", ours, threads: 1);
                peer.Configure(ours);
                var error = peer.Go() * (1 << 24);
                peer.Configure(theirs);
                var other = peer.Go() * (1 << 24);
                foreach (var input in inputs)
                    input.Dispose();
                yield return new Row(
                    $"error of {name} {string.Join(", ", shapes.Take(1))}", "2^-24 relative", error, other, other / error, ">= 1.0");
            }
        }
        finally
        {
            peer?.Dispose();
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Sums of uniform numbers, about normal, of deviation 2; positive for the logarithm; indices in columns.</summary>
    private static Operand Fill(string name, Shape shape, bool isIndex)
    {
        var operand = new Operand(shape.Rows, shape.Columns);
        var random = new Starling.Arithmetic.Random.Philox(7, 1, (uint)shape.Columns);
        for (var i = 0; i < operand.View.Span.Length; i++)
            operand.View.Span[i] = isIndex ? i : name == "log" ? MathF.Abs(random.Normal((ulong)i)) + 1e-3f : 2 * random.Normal((ulong)i);
        return operand;
    }

    private static void Compute(Operator? op, Func<float, float>? function, Operand[] inputs, TensorView result)
    {
        if (op is not null)
            VectorBackend.Best().Run(op, Array.ConvertAll(inputs, input => input.View), result);
        for (var i = 0; function is not null && i < result.Span.Length; i++)
            result.Span[i] = function(inputs[0].View.Span[i]);
    }

    private static object[] Write(string folder, string name, TensorView tensor)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(tensor.Span).ToArray());
        return [path, tensor.Rows, tensor.Columns];
    }
}
