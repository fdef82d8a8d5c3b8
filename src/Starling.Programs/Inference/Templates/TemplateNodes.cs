namespace Starling.Programs.Inference.Templates;

/// <summary>An expression of a template.</summary>
internal abstract record Expression;

internal sealed record Literal(object? Value) : Expression;

internal sealed record NameExpression(string Name) : Expression;

internal sealed record ListExpression(IReadOnlyList<Expression> Items) : Expression;

internal sealed record MapExpression(IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression;

internal sealed record Conditional(Expression Test, Expression Then, Expression? Else) : Expression;

/// <summary><c>and</c>, <c>or</c>.</summary>
internal sealed record Junction(bool IsAnd, Expression Left, Expression Right) : Expression;

internal sealed record Not(Expression Operand) : Expression;

internal sealed record Negative(Expression Operand) : Expression;

internal sealed record Binary(string Operator, Expression Left, Expression Right) : Expression;

/// <summary>A chain such as <c>a &lt; b &lt;= c</c>.</summary>
internal sealed record Comparison(Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest) : Expression;

internal sealed record Attribute(Expression Owner, string Name) : Expression;

internal sealed record Item(Expression Owner, Expression Index) : Expression;

internal sealed record SliceItem(Expression Owner, Expression? Start, Expression? Stop, Expression? Step) : Expression;

internal sealed record Arguments(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static Arguments None { get; } = new([], []);
}

internal sealed record Call(Expression Callee, Arguments Arguments) : Expression;

internal sealed record FilterCall(Expression Operand, string Name, Arguments Arguments) : Expression;

internal sealed record TestCall(Expression Operand, string Name, Arguments Arguments, bool Negated) : Expression;

/// <summary>A statement of a template.</summary>
internal abstract record Statement(int Line);

internal sealed record TextStatement(int Line, string Text) : Statement(Line);

internal sealed record OutputStatement(int Line, Expression Value) : Statement(Line);

internal sealed record IfStatement(
    int Line, IReadOnlyList<(Expression Test, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else)
    : Statement(Line);

internal sealed record ForStatement(
    int Line, IReadOnlyList<string> Targets, Expression Items, Expression? Filter,
    IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else) : Statement(Line);

/// <param name="Attribute">Of a namespace; null for a variable.</param>
internal sealed record SetTarget(string Name, string? Attribute);

/// <param name="Value">Null where the body is the value.</param>
internal sealed record SetStatement(int Line, IReadOnlyList<SetTarget> Targets, Expression? Value, IReadOnlyList<Statement> Body)
    : Statement(Line);

internal sealed record MacroStatement(
    int Line, string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body)
    : Statement(Line);

internal sealed record BlockStatement(int Line, IReadOnlyList<Statement> Body) : Statement(Line);

internal sealed record BreakStatement(int Line, bool Continues) : Statement(Line);
