using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Graphs;

/// <summary>
/// One rule per differentiable operator. The rest of the catalogue (reductions without a broadcast to undo them,
/// gradients, optimiser, cache) never lies between a loss and a parameter.
/// </summary>
internal static class GradientRules
{
    /// <summary>Gives each operand of <c>y = op(operands)</c> its share of <paramref name="dy"/>.</summary>
    public static void Apply(Gradients pass, GraphBuilder graph, Operator op, Value[] x, Value y, Value dy)
    {
        switch (op.Kind)
        {
            case OperatorKind.Product:
                Product(pass, graph, op, x[0], x[1], dy);
                break;
            case OperatorKind.Add:
                pass.Give(x[0], dy);
                pass.Give(x[1], dy);
                break;
            case OperatorKind.Multiply:
                When(pass, x[0], () => graph.Multiply(dy, x[1]));
                When(pass, x[1], () => graph.Multiply(dy, x[0]));
                break;
            case OperatorKind.Scale:
                When(pass, x[0], () => graph.Scale(dy, op.Factor));
                break;
            case OperatorKind.AddRow:
                pass.Give(x[0], dy);
                When(pass, x[1], () => graph.ColumnSum(dy));
                break;
            case OperatorKind.Relu:
                When(pass, x[0], () => graph.Apply(OperatorKind.ReluGrad, x[0], dy));
                break;
            case OperatorKind.Gelu:
                When(pass, x[0], () => graph.Apply(OperatorKind.GeluGrad, x[0], dy));
                break;
            case OperatorKind.SwiGlu:
                When(pass, x[0], () => graph.Apply(OperatorKind.SwiGluGradGate, x[0], x[1], dy));
                When(pass, x[1], () => graph.Apply(OperatorKind.SwiGluGradUp, x[0], dy));
                break;
            case OperatorKind.Softmax:
                When(pass, x[0], () => graph.Apply(OperatorKind.SoftmaxGrad, y, dy));
                break;
            case OperatorKind.Convolution:
                When(pass, x[0], () => graph.Apply(op with { Kind = OperatorKind.ConvolutionGradInput }, dy, x[1]));
                When(pass, x[1], () => graph.Apply(op with { Kind = OperatorKind.ConvolutionGradWeight }, x[0], dy));
                break;
            case OperatorKind.RmsNorm:
                Norm(pass, graph, op, OperatorKind.RmsNormGradInput, OperatorKind.RmsNormGradGain, x, dy);
                break;
            case OperatorKind.LayerNorm:
                Norm(pass, graph, op, OperatorKind.LayerNormGradInput, OperatorKind.LayerNormGradGain, x, dy);
                When(pass, x[2], () => graph.ColumnSum(dy));
                break;
            case OperatorKind.Embedding:
                When(pass, x[1], () => graph.Apply(
                    new Operator(OperatorKind.EmbeddingGrad) { Rows = graph.ShapeOf(x[1]).Rows }, x[0], dy));
                break;
            case OperatorKind.Rope:
                When(pass, x[0], () => graph.Apply(op with { Inverse = !op.Inverse }, dy, x[1]));
                break;
            case OperatorKind.Attention:
                Attention(pass, graph, op, x, y, dy);
                break;
            default:
                throw new NotDifferentiableException($"{op.Kind} has no gradient.");
        }
    }

    /// <summary>The rules from a mean loss to its logits, where every element has the same gradient.</summary>
    public static void ApplyUniform(Gradients pass, GraphBuilder graph, Operator op, Value[] x, float dy)
    {
        switch (op.Kind)
        {
            case OperatorKind.Scale:
                pass.Give(x[0], Adjoint.Same(dy * op.Factor));
                break;
            case OperatorKind.ColumnSum:
                pass.Give(x[0], Adjoint.Same(dy));
                break;
            case OperatorKind.Add:
                pass.Give(x[0], Adjoint.Same(dy));
                pass.Give(x[1], Adjoint.Same(dy));
                break;
            case OperatorKind.CrossEntropy:
                When(pass, x[0], () => graph.Apply(
                    new Operator(OperatorKind.CrossEntropyGrad) { Factor = dy }, x[0], x[1]));
                break;
            default:
                throw new NotDifferentiableException($"{op.Kind} does not end in a mean loss.");
        }
    }

    private static void When(Gradients pass, Value target, Func<Value> gradient)
    {
        if (pass.Wants(target))
            pass.Give(target, gradient());
    }

    private static void Product(Gradients pass, GraphBuilder graph, Operator op, Value a, Value b, Value dy)
    {
        bool left = op.TransposeLeft, right = op.TransposeRight;
        When(pass, a, () => left
            ? graph.Product(b, dy, transposeLeft: right, transposeRight: true)
            : graph.Product(dy, b, transposeRight: !right));
        When(pass, b, () => right
            ? graph.Product(dy, a, transposeLeft: true, transposeRight: left)
            : graph.Product(a, dy, transposeLeft: !left));
    }

    private static void Norm(
        Gradients pass, GraphBuilder graph, Operator op, OperatorKind input, OperatorKind gain, Value[] x, Value dy)
    {
        When(pass, x[0], () => graph.Apply(op with { Kind = input }, x[0], x[1], dy));
        When(pass, x[1], () => graph.ColumnSum(graph.Apply(op with { Kind = gain }, x[0], dy)));
    }

    private static void Attention(Gradients pass, GraphBuilder graph, Operator op, Value[] x, Value y, Value dy)
    {
        Value q = x[0], k = x[1], v = x[2], positions = x[3];
        Value logSum = graph.Apply(op with { Kind = OperatorKind.AttentionLogSum }, q, k, positions);
        Value dot = graph.Apply(new Operator(OperatorKind.RowDot) { GroupColumns = op.HeadSize }, dy, y);
        When(pass, q, () => graph.Apply(
            op with { Kind = OperatorKind.AttentionGradQuery }, q, k, v, positions, dy, logSum, dot));
        When(pass, k, () => graph.Apply(
            op with { Kind = OperatorKind.AttentionGradKey }, q, k, v, positions, dy, logSum, dot));
        When(pass, v, () => graph.Apply(
            op with { Kind = OperatorKind.AttentionGradValue }, q, k, positions, dy, logSum));
    }
}
