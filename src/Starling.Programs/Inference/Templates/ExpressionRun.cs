namespace Starling.Programs.Inference.Templates;

/// <summary>Computes the values of expressions.</summary>
internal sealed class ExpressionRun(TemplateBudget budget)
{
    public object? Value(Expression expression, TemplateScope scope)
    {
        budget.Spend();
        switch (expression)
        {
            case Literal literal:
                return literal.Value;
            case NameExpression name:
                return scope[name.Name];
            case ListExpression list:
                return list.Items.Select(item => Value(item, scope)).ToList();
            case MapExpression map:
                return Map(map, scope);
            case Conditional choice:
                return TemplateValues.IsTrue(Value(choice.Test, scope)) ? Value(choice.Then, scope)
                    : choice.Else is null ? new Undefined("else") : Value(choice.Else, scope);
            case Junction junction:
                object? left = Value(junction.Left, scope);
                return TemplateValues.IsTrue(left) == junction.IsAnd ? Value(junction.Right, scope) : left;
            case Not not:
                return !TemplateValues.IsTrue(Value(not.Operand, scope));
            case Negative negative:
                return TemplateOperators.Apply("-", 0L, Value(negative.Operand, scope), budget);
            case Binary binary:
                return TemplateOperators.Apply(binary.Operator, Value(binary.Left, scope), Value(binary.Right, scope), budget);
            case Comparison comparison:
                return Compare(comparison, scope);
            case Attribute attribute:
                return TemplateOperators.Attribute(Value(attribute.Owner, scope), attribute.Name);
            case Item item:
                return TemplateOperators.Item(Value(item.Owner, scope), Value(item.Index, scope));
            case SliceItem slice:
                return TemplateOperators.Slice(
                    Value(slice.Owner, scope), Optional(slice.Start, scope), Optional(slice.Stop, scope), Optional(slice.Step, scope),
                    budget);
            case Call call:
                return Invoke(call, scope);
            case FilterCall filter:
                return TemplateFilters.Apply(filter.Name, Value(filter.Operand, scope), Of(filter.Arguments, scope));
            default:
                TestCall test = (TestCall)expression;
                return TemplateTests.Apply(test.Name, Value(test.Operand, scope), Of(test.Arguments, scope)) != test.Negated;
        }
    }

    private object? Optional(Expression? expression, TemplateScope scope) => expression is null ? null : Value(expression, scope);

    private TemplateMap Map(MapExpression map, TemplateScope scope)
    {
        TemplateMap value = new();
        foreach ((Expression key, Expression entry) in map.Entries)
            value[TemplateText.Of(Value(key, scope))] = Value(entry, scope);
        return value;
    }

    private bool Compare(Comparison comparison, TemplateScope scope)
    {
        object? left = Value(comparison.First, scope);
        foreach ((string symbol, Expression operand) in comparison.Rest)
        {
            object? right = Value(operand, scope);
            if (!TemplateOperators.Compare(symbol, left, right))
                return false;
            left = right;
        }

        return true;
    }

    private object? Invoke(Call call, TemplateScope scope)
    {
        object? callee = Value(call.Callee, scope);
        return callee is TemplateFunction function
            ? function(Of(call.Arguments, scope))
            : throw TemplateException.Failed($"{TemplateValues.NameOf(callee)} cannot be called");
    }

    private CallArguments Of(Arguments arguments, TemplateScope scope)
    {
        TemplateMap named = new();
        foreach ((string name, Expression value) in arguments.Named)
            named[name] = Value(value, scope);
        return new CallArguments([.. arguments.Positional.Select(argument => Value(argument, scope))], named, budget);
    }
}
