using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Random;

namespace Starling.Compute.Kernels;

/// <summary>What an operand of a self-test holds.</summary>
internal enum Filling
{
    /// <summary>Numbers of magnitude around one, both signs.</summary>
    Values,

    /// <summary>Non-negative numbers.</summary>
    Positive,

    /// <summary>Ascending 0, 1, 2, ... within each sequence of QueryRows.</summary>
    Positions,

    /// <summary>Integers in [0, bound).</summary>
    Indices,

    /// <summary>Integers in [0, bound) and some -1.</summary>
    Targets,
}

/// <summary>One operand of a self-test.</summary>
internal readonly record struct Operand(Shape Shape, Filling Filling = Filling.Values, int Bound = 0);

/// <summary>An operator with deterministic operands: what back ends are compared on.</summary>
internal sealed record KernelCase(Operator Operator, Operand[] Operands)
{
    private static readonly float[] Edges =
    [
        0f, -0f, 1e-45f, -1e-45f, 1.1754942e-38f, -3e-39f, float.MaxValue, -float.MaxValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1f, -1f, 88.8f, -103.9f, 1e-20f,
    ];

    public Shape OutputShape => Shapes.Infer(Operator, Array.ConvertAll(Operands, operand => operand.Shape));

    public override string ToString() => $"{Operator} ({string.Join(", ", Operands)})";

    /// <summary>Fills the operands from the seed; with <paramref name="edges"/> a value in sixteen is an edge value.</summary>
    public PinnedTensor[] Fill(ulong seed, bool edges)
    {
        var tensors = new PinnedTensor[Operands.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new PinnedTensor(Operands[i].Shape);
            var random = new Philox(seed, (uint)Operator.Kind, (uint)i);
            for (int e = 0; e < tensors[i].Data.Length; e++)
                tensors[i].Data[e] = Value(Operands[i], random, e, edges);
        }

        return tensors;
    }

    private float Value(Operand operand, Philox random, int element, bool edges)
    {
        ulong draw = (ulong)element * 4;
        float value = (random.Uniform(draw) * 4f) - 2f;
        if (operand.Filling is Filling.Values or Filling.Positive && edges && random.Below(draw + 1, 16) == 0)
            value = Edges[random.Below(draw + 2, (uint)Edges.Length)];
        return operand.Filling switch
        {
            Filling.Values => value,
            Filling.Positive => MathF.Abs(value),
            Filling.Positions => Operator.QueryRows == 0 ? element
                : (element % Operator.QueryRows) + Math.Max(0, Operator.KeyRows - Operator.QueryRows),
            Filling.Targets when random.Below(draw, 5) == 0 => -1f,
            _ => random.Below(draw + 1, (uint)operand.Bound),
        };
    }
}
