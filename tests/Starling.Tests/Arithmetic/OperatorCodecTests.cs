using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Kernels;
using Starling.Protocol.Encoding;
using Xunit;

namespace Starling.Tests.Arithmetic;

public sealed class OperatorCodecTests
{
    [Fact]
    public void A_scaled_rotary_embedding_keeps_its_attributes()
    {
        Operator rope = new(OperatorKind.Rope) { Heads = 2, HeadSize = 4, Base = 500, Factor = 8 };
        foreach (var op in new[] { rope, rope with { RampStart = 1, RampEnd = 4, Context = 64 }, rope with { RampStart = 3, Inverse = true } })
        {
            GraphValue value = new(null, op, [new ValueId(0), new ValueId(1)], [new(3, 8), new(3, 1)], new Shape(3, 8), null);
            Assert.Equal(op, RecordCodec.Decode<GraphValue>(RecordCodec.Encode(value)).Operator);
        }
    }

    [Fact]
    public void Every_operator_comes_back_from_its_leaf()
    {
        foreach (KernelCase c in KernelCases.Of(5, 6, 7))
        {
            Shape[] shapes = Array.ConvertAll(c.Operands, operand => operand.Shape);
            GraphValue value = new(null, c.Operator, [.. shapes.Select((_, i) => new ValueId(i))], shapes, c.OutputShape, null);
            Assert.Equal(c.Operator, RecordCodec.Decode<GraphValue>(RecordCodec.Encode(value)).Operator);
        }
    }

    [Fact]
    public void A_ramp_without_a_factor_is_refused()
    {
        Operator rope = new(OperatorKind.Rope) { Heads = 2, HeadSize = 4, Base = 500, RampEnd = 4 };
        Assert.Throws<ShapeException>(() => Shapes.Infer(rope, [new Shape(3, 8), new Shape(3, 1)]));
        Assert.Throws<ShapeException>(() => Shapes.Infer(rope with { Factor = float.NaN }, [new Shape(3, 8), new Shape(3, 1)]));
    }
}
