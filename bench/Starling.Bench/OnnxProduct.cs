using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Bench;

/// <summary>
/// One product in ONNX Runtime, as a model of the single node Gemm. With a constant right operand the runtime packs it
/// once, as it does with the weights of a model; otherwise each call packs it. The operands must outlive this object.
/// </summary>
internal sealed unsafe class OnnxProduct : IDisposable
{
    private const int Float = 1, Integer = 2, Opset = 17, IrVersion = 8;

    private const int Checked = 32;

    private readonly RunOptions? _options;
    private readonly InferenceSession? _session;
    private readonly Operand _output;
    private readonly OrtValue[] _inputs = [], _outputs = [];
    private readonly string[] _names;
    private readonly string? _problem;

    public OnnxProduct(Operator product, TensorView left, TensorView right, Shape output, bool constantRight, int threads)
    {
        _names = constantRight ? ["a"] : ["a", "b"];
        _output = new Operand(output.Rows, output.Columns);
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
            // Its threads would otherwise go on spinning while others are measured.
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            _options = new RunOptions();
            _session = new InferenceSession(Model(product, left, right, output, constantRight), options);
            _inputs = constantRight ? [Value(left)] : [Value(left), Value(right)];
            _outputs = [Value(_output.View)];
            Once();
            _problem = Check(product, left, right, _output.View);
        }
        catch (Exception e) when (IsOfOnnxRuntime(e))
        {
            _problem = e.Message;
        }
    }

    /// <summary>Null where it does not load.</summary>
    public static string? Version
    {
        get
        {
            try
            {
                return OrtEnv.Instance().GetVersionString();
            }
            catch (Exception e) when (IsOfOnnxRuntime(e))
            {
                return null;
            }
        }
    }

    /// <exception cref="PeerException">ONNX Runtime did not load, or gave another product.</exception>
    public void Once()
    {
        if (_problem is not null)
            throw new PeerException($"ONNX Runtime: {_problem}");
        _session!.Run(_options, _names, _inputs, ["c"], _outputs);
    }

    public void Dispose()
    {
        foreach (var value in _inputs.Concat(_outputs))
            value.Dispose();
        _session?.Dispose();
        _options?.Dispose();
        _output.Dispose();
    }

    private static bool IsOfOnnxRuntime(Exception e) =>
        e is OnnxRuntimeException or TypeInitializationException or DllNotFoundException or EntryPointNotFoundException;

    /// <summary>Some elements again in double precision: what is wrong with the product, or null.</summary>
    private static string? Check(Operator product, TensorView left, TensorView right, TensorView output)
    {
        var depth = product.TransposeLeft ? left.Rows : left.Columns;
        for (var i = 0; i < Checked; i++)
        {
            int row = (int)((long)output.Rows * i / Checked), column = (int)((i * 2654435761L) % output.Columns);
            double sum = 0, size = 0;
            for (var k = 0; k < depth; k++)
            {
                var a = product.TransposeLeft ? left.Row(k)[row] : left.Row(row)[k];
                var b = product.TransposeRight ? right.Row(column)[k] : right.Row(k)[column];
                sum += (double)a * b;
                size += Math.Abs((double)a * b);
            }

            if (!(Math.Abs(output.Row(row)[column] - sum) <= 1e-5 * size))
                return $"element {row}, {column} is {output.Row(row)[column]}, not {sum}";
        }

        return null;
    }

    private static OrtValue Value(TensorView tensor) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float,
        [tensor.Rows, tensor.Columns], (nint)tensor.Data, tensor.Shape.Elements * sizeof(float));

    /// <summary>Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).</summary>
    private static byte[] Model(Operator product, TensorView left, TensorView right, Shape output, bool constantRight)
    {
        var node = new Protobuf().Text(1, "a").Text(1, "b").Text(2, "c").Text(4, "Gemm")
            .Message(5, Attribute("transA", product.TransposeLeft)).Message(5, Attribute("transB", product.TransposeRight));
        var graph = new Protobuf().Message(1, node).Text(2, "product").Message(11, Tensor("a", left.Shape));
        if (constantRight)
            graph.Message(5, new Protobuf().Number(1, right.Rows).Number(1, right.Columns).Number(2, Float).Text(8, "b")
                .Bytes(9, MemoryMarshal.AsBytes(right.Span)));
        else
            graph.Message(11, Tensor("b", right.Shape));
        graph.Message(12, Tensor("c", output));
        return new Protobuf().Number(1, IrVersion).Message(7, graph).Message(8, new Protobuf().Text(1, "").Number(2, Opset))
            .ToArray();
    }

    private static Protobuf Attribute(string name, bool value) =>
        new Protobuf().Text(1, name).Number(3, value ? 1 : 0).Number(20, Integer);

    private static Protobuf Tensor(string name, Shape shape)
    {
        var dimensions = new Protobuf().Message(1, new Protobuf().Number(1, shape.Rows))
            .Message(1, new Protobuf().Number(1, shape.Columns));
        var type = new Protobuf().Message(1, new Protobuf().Number(1, Float).Message(2, dimensions));
        return new Protobuf().Text(1, name).Message(2, type);
    }
}
