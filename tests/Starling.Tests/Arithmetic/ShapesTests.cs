using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Arithmetic;

public sealed class ShapesTests
{
    [Fact]
    public void Every_operator_has_a_shape_rule_a_price_and_a_case()
    {
        var cases = KernelCases.Of(5, 6, 7).ToList();
        Assert.Equal(Enum.GetValues<OperatorKind>().ToHashSet(), cases.Select(c => c.Operator.Kind).ToHashSet());
        foreach (var c in cases)
        {
            var work = Work.Of(c.Operator, Array.ConvertAll(c.Operands, operand => operand.Shape));
            Assert.True(c.OutputShape.Elements > 0 && work.MultiplyAdds > 0 && work.Bytes > 0 && work.Units > 0);
        }
    }

    [Fact]
    public void Each_operand_that_does_not_fit_is_named()
    {
        foreach (var c in KernelCases.Of(5, 6, 7))
            for (int i = 0; i < c.Operands.Length; i++)
            {
                var shapes = Array.ConvertAll(c.Operands, operand => operand.Shape);
                shapes[i] = new Shape(shapes[i].Rows + 1, shapes[i].Columns + 1);
                if (c.Operands.Length == 1 || (c.Operator.Kind, i) is (OperatorKind.Embedding, 1) or (OperatorKind.ClipByNorm, 0))
                    continue;
                var error = Assert.Throws<ShapeException>(() => Shapes.Infer(c.Operator, shapes));
                Assert.Contains(c.Operator.Kind.ToString(), error.Message, StringComparison.Ordinal);
            }
    }

    [Fact]
    public void Messages_name_operator_operand_and_fix()
    {
        var error = Assert.Throws<ShapeException>(
            () => Shapes.Infer(new(OperatorKind.Product), [new(2, 3), new(4, 5)]));
        Assert.Equal("Product: b: its inner dimension must be 3, not 4 (it is 4x5)", error.Message);
        error = Assert.Throws<ShapeException>(() => Shapes.Infer(new(OperatorKind.Add), [new(2, 3)]));
        Assert.Equal("Add: inputs: takes 2 (a, b), not 1", error.Message);
        Assert.Throws<ShapeException>(() => Shapes.Infer(new(OperatorKind.Relu), [new(0, 3)]));
    }
}
