namespace Starling.Arithmetic.Catalogue;

/// <summary>The questions that shape rules ask, each ending in a message that names the operand.</summary>
internal readonly ref struct ShapeCheck(Operator op, ReadOnlySpan<Shape> inputs, ReadOnlySpan<string> names = default)
{
    private readonly ReadOnlySpan<Shape> inputs = inputs;
    private readonly ReadOnlySpan<string> names = names;

    public Shape First => inputs[0];

    /// <summary>Names the operands; there must be as many, each with at least one element.</summary>
    public ShapeCheck Operands(params ReadOnlySpan<string> operands)
    {
        if (inputs.Length != operands.Length)
            throw new ShapeException(op.Kind, "inputs",
                $"takes {operands.Length} ({string.Join(", ", operands.ToArray())}), not {inputs.Length}");
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i].Rows < 1 || inputs[i].Columns < 1 || inputs[i].Elements > int.MaxValue)
                throw new ShapeException(op.Kind, operands[i], $"{inputs[i]} must have 1 to 2^31 - 1 elements");
        return new ShapeCheck(op, inputs, operands.ToArray());
    }

    public ShapeCheck Same(int index) => Exactly(index, inputs[0]);

    public ShapeCheck Exactly(int index, Shape shape) =>
        inputs[index] == shape ? this : throw Wrong(index, $"must be {shape}, not {inputs[index]}");

    /// <summary>One row as wide as the first operand.</summary>
    public ShapeCheck Row(string name, int index) =>
        inputs[index] == new Shape(1, inputs[0].Columns)
            ? this
            : throw new ShapeException(op.Kind, name, $"must be 1x{inputs[0].Columns}, not {inputs[index]}");

    /// <summary>One number for each row of another operand, as a row or a column.</summary>
    public ShapeCheck PerRow(int index, int other) =>
        Vector(index) == inputs[other].Rows
            ? this
            : throw Wrong(index, $"must hold one number for each of {inputs[other].Rows} rows, not {inputs[index]}");

    /// <summary>The length of an operand that is a single row or column.</summary>
    public int Vector(int index) =>
        inputs[index].Rows == 1 || inputs[index].Columns == 1
            ? checked((int)inputs[index].Elements)
            : throw Wrong(index, $"must be a single row or column, not {inputs[index]}");

    public ShapeException Wrong(int index, string fix) => new(op.Kind, names[index], fix);
}
