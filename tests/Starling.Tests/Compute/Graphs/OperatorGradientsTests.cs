using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Xunit;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Tests.Compute.Graphs;

/// <summary>Walks the catalogue: an operator either has a gradient rule, which is checked, or stands in the list of those without.</summary>
public class OperatorGradientsTests(ITestOutputHelper output)
{
    private const ulong Seed = 20240718;

    /// <summary>Operators that lie between no parameter and a loss.</summary>
    private static readonly K[] WithoutRule =
    [
        // Of the loss itself, where every element has the same gradient: in each check below.
        K.ColumnSum, K.CrossEntropy,
        // Reductions that only gradients and clipping use.
        K.RowSumSquares, K.RowDot,
        // Gradients.
        K.ReluGrad, K.GeluGrad, K.SwiGluGradGate, K.SwiGluGradUp, K.RmsNormGradInput, K.RmsNormGradGain,
        K.LayerNormGradInput, K.LayerNormGradGain, K.SoftmaxGrad, K.ConvolutionGradInput, K.ConvolutionGradWeight,
        K.EmbeddingGrad, K.AttentionLogSum, K.AttentionGradQuery, K.AttentionGradKey, K.AttentionGradValue, K.CrossEntropyGrad,
        // Optimiser, merge, cache.
        K.AdamFirstMoment, K.AdamSecondMoment, K.AdamUpdate, K.ClipByNorm, K.MeanDelta, K.OuterVelocity, K.OuterUpdate,
        K.CacheWrite,
    ];

    [Fact]
    public void EveryOperatorIsCheckedOrListedAsWithoutARule()
    {
        HashSet<K> seen = [];
        foreach ((int rows, int columns, int inner) in new[] { (5, 6, 3), (3, 9, 4), (1, 2, 1) })
            foreach (KernelCase @case in KernelCases.Of(rows, columns, inner).Select(Square))
            {
                bool hasRule = Check(@case);
                Assert.True(
                    hasRule != WithoutRule.Contains(@case.Operator.Kind),
                    $"{@case.Operator.Kind}: {(hasRule ? "has a rule but is listed as without" : "has no rule; add one or list it")}");
                seen.Add(@case.Operator.Kind);
            }

        output.WriteLine($"{seen.Count - WithoutRule.Length} operators with a rule, {WithoutRule.Length} without");
        Assert.Empty(Enum.GetValues<K>().Except(seen));
    }

    /// <summary>Attention against a longer cache is inference; its gradient needs as many keys as queries.</summary>
    private static KernelCase Square(KernelCase @case)
    {
        if (@case.Operator.Kind != K.Attention)
            return @case;
        Operand keys = new(new Shape(@case.Operands[0].Shape.Rows, @case.Operands[1].Shape.Columns));
        return new KernelCase(
            @case.Operator with { KeyRows = @case.Operator.QueryRows }, [@case.Operands[0], keys, keys, @case.Operands[3]]);
    }

    /// <summary>False if the operator has no gradient rule; fails if it has one that is wrong.</summary>
    private static bool Check(KernelCase @case)
    {
        const int classes = 4;
        GraphBuilder graph = new();
        PinnedTensor[] filled = @case.Fill(Seed, edges: false);
        Dictionary<string, float[]> inputs = [];
        List<Value> operands = [], parameters = [];
        for (int i = 0; i < filled.Length; i++)
        {
            operands.Add(graph.Input($"x{i}", filled[i].Shape));
            inputs[$"x{i}"] = filled[i].Data;
            if (@case.Operands[i].Filling == Filling.Values)
                parameters.Add(operands[^1]);
        }

        Shape shape = @case.OutputShape, head = new(classes, shape.Columns);
        inputs["head"] = Numbers.Normal(head, Seed, 99);
        inputs["targets"] = Numbers.Below(shape.Rows, classes, Seed);
        Value y = graph.Apply(@case.Operator, [.. operands]);
        try
        {
            GradientCheck.Run(
                graph, graph.Linear(y, graph.Input("head", head)), graph.Input("targets", new Shape(shape.Rows, 1)),
                [.. parameters], inputs, $"{@case} (seed {Seed})");
            return true;
        }
        catch (NotDifferentiableException)
        {
            return false;
        }
    }
}
