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
    /// <summary>The first <see cref="TameEdges"/> leave most results finite, so that signs of zero stay visible.</summary>
    private static readonly float[] Edges =
    [
        0f, -0f, 1e-45f, -1e-45f, 1.1754942e-38f, -3e-39f, 1f, -1f, 1e-20f, -1e-30f,
        88.8f, -103.9f, float.MaxValue, -float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    private const uint TameEdges = 10;

    public Shape OutputShape => Shapes.Infer(Operator, Array.ConvertAll(Operands, operand => operand.Shape));

    public override string ToString() => $"{Operator} ({string.Join(", ", Operands)})";

    /// <summary>
    /// Fills the operands from the seed; with <paramref name="edges"/>, under an even seed a value in sixteen is
    /// any edge value, under an odd seed every other value is a tame one.
    /// </summary>
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

    /// <summary>One block of four draws decides an element.</summary>
    private float Value(Operand operand, Philox random, int element, bool edges)
    {
        var draw = random.Block((ulong)element);
        float value = ((draw.W0 >> 8) * (4f / 16777216f)) - 2f;
        bool tame = random.Seed % 2 == 1, isEdge = edges && draw.W1 % (tame ? 2u : 16u) == 0;
        if (isEdge && operand.Filling is (Filling.Values or Filling.Positive))
            value = Edges[draw.W2 % (tame ? TameEdges : (uint)Edges.Length)];
        return operand.Filling switch
        {
            Filling.Values => value,
            Filling.Positive => MathF.Abs(value),
            Filling.Positions => Operator.QueryRows == 0 ? element
                : (element % Operator.QueryRows) + Math.Max(0, Operator.KeyRows - Operator.QueryRows),
            Filling.Targets when draw.W3 % 5 == 0 => -1f,
            _ => draw.W1 % (uint)operand.Bound,
        };
    }
}
