using Starling.Arithmetic.Catalogue;
using Starling.Protocol.Encoding;

namespace Starling.Arithmetic.Graphs;

/// <summary>
/// One leaf of a <see cref="GraphTree"/>. It stands alone: it holds the shapes of its operands, so a referee needs no
/// other leaf to check and recompute it. Three forms: an input (name, no operands), a computed value (operator and
/// operands, no name), an output (name and the one value that leaves the graph under it).
/// </summary>
/// <param name="Name">Name of the input or output; null for a computed value.</param>
/// <param name="Operator">What computes the value; null for inputs and outputs.</param>
/// <param name="Inputs">Operands of the operator, or the value of an output.</param>
/// <param name="InputShapes">Shapes of <paramref name="Inputs"/>, in the same order.</param>
/// <param name="Shape">Shape of the value.</param>
/// <param name="StateLeaf">
/// For an input: the leaf of the state before the step that holds it. For an output: the leaf of the state after the
/// step that it becomes. Null where it is no part of the state.
/// </param>
public sealed record GraphValue(
    string? Name, Operator? Operator, ValueId[] Inputs, Shape[] InputShapes, Shape Shape, int? StateLeaf)
    : IRecord<GraphValue>
{
    private const int MaxOperands = 256;
    private const int MaxName = 256;

    public static RecordType Type => RecordType.GraphValue;

    public bool IsInput => Operator is null && Inputs.Length == 0;

    public bool IsOutput => Operator is null && Inputs.Length == 1;

    /// <exception cref="DecodeException">None of the three forms, or shapes that do not fit the operator.</exception>
    public static GraphValue Read(FieldReader f)
    {
        var name = f.OptionalText(1, MaxName);
        Shape shape = new(f.Int32(2, 1), f.Int32(3, 1));
        int? leaf = f.Has(4) ? f.Int32(4) : null;
        var op = f.Has(10) ? OperatorCodec.Read(f) : null;
        var inputs = f.List(30, MaxOperands, static r => new ValueId(Checked(r.Integer(), 0)));
        var sizes = f.List(31, 2 * MaxOperands, static r => Checked(r.Integer(), 1));
        if (sizes.Length != 2 * inputs.Length)
            throw f.Fail(31, "every operand has rows and columns");
        var shapes = new Shape[inputs.Length];
        for (var i = 0; i < shapes.Length; i++)
            shapes[i] = new Shape(sizes[2 * i], sizes[(2 * i) + 1]);
        op = op is null ? null : OperatorCodec.ReadWindow(f, op);
        return IsOneOfThree(name, op, shapes, shape, leaf)
            ? new GraphValue(name, op, inputs, shapes, shape, leaf)
            : throw f.Fail(2, "is no input, computed value or output of these shapes");
    }

    public void Write(FieldWriter f)
    {
        f.OptionalText(1, Name);
        f.Integer(2, Shape.Rows);
        f.Integer(3, Shape.Columns);
        if (StateLeaf is { } leaf)
            f.Integer(4, leaf);
        if (Operator is not null)
            OperatorCodec.Write(f, Operator);
        f.List(30, Inputs, static (w, v) => w.Integer(v.Index));
        f.List(31, InputShapes.SelectMany(static s => new[] { s.Rows, s.Columns }).ToArray(), static (w, v) => w.Integer(v));
        if (Operator is not null)
            OperatorCodec.WriteWindow(f, Operator);
    }

    private static bool IsOneOfThree(string? name, Operator? op, Shape[] inputs, Shape shape, int? leaf) => op is null
        ? name is not null && (inputs.Length == 0 || (inputs.Length == 1 && inputs[0] == shape))
        : name is null && leaf is null && Fits(op, inputs, shape);

    private static bool Fits(Operator op, Shape[] inputs, Shape shape)
    {
        try
        {
            return Shapes.Infer(op, inputs) == shape;
        }
        catch (ShapeException)
        {
            return false;
        }
    }

    private static int Checked(long value, int min) => value >= min && value <= int.MaxValue
        ? (int)value
        : throw new DecodeException(nameof(GraphValue), $"{value} is out of bounds");
}
