namespace Starling.Arithmetic.Catalogue;

/// <summary>Operands that an operator cannot take. The message names the operator, the operand and the fix.</summary>
public sealed class ShapeException(OperatorKind kind, string operand, string fix)
    : Exception($"{kind}: {operand}: {fix}")
{
    public OperatorKind Kind { get; } = kind;

    public string Operand { get; } = operand;
}
