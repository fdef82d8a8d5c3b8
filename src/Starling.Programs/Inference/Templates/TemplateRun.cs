using System.Text;

namespace Starling.Programs.Inference.Templates;

/// <summary>One rendering of a template.</summary>
internal sealed class TemplateRun
{
    private readonly TemplateBudget budget = new();
    private readonly ExpressionRun expressions;
    private StringBuilder output = new();

    private TemplateRun() => expressions = new ExpressionRun(budget);

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    /// <exception cref="TemplateException">It cannot be rendered.</exception>
    public static string Render(IReadOnlyList<Statement> template, TemplateScope globals)
    {
        TemplateRun run = new();
        run.Run(template, new TemplateScope(globals));
        return run.output.ToString();
    }

    private Flow Run(IReadOnlyList<Statement> body, TemplateScope scope)
    {
        foreach (Statement statement in body)
        {
            try
            {
                budget.Spend();
                Flow flow = Run(statement, scope);
                if (flow != Flow.Next)
                    return flow;
            }
            catch (TemplateException e)
            {
                throw e.At(statement.Line);
            }
        }

        return Flow.Next;
    }

    private Flow Run(Statement statement, TemplateScope scope)
    {
        switch (statement)
        {
            case TextStatement text:
                Write(text.Text);
                return Flow.Next;
            case OutputStatement value:
                Write(TemplateText.Of(expressions.Value(value.Value, scope)));
                return Flow.Next;
            case IfStatement choice:
                foreach ((Expression test, IReadOnlyList<Statement> body) in choice.Branches)
                    if (TemplateValues.IsTrue(expressions.Value(test, scope)))
                        return Run(body, scope);
                return Run(choice.Else, scope);
            case ForStatement loop:
                Loop(loop, scope);
                return Flow.Next;
            case SetStatement set:
                Set(set, scope);
                return Flow.Next;
            case MacroStatement macro:
                scope[macro.Name] = (TemplateFunction)(arguments => Invoke(macro, arguments, scope));
                return Flow.Next;
            case BlockStatement block:
                return Run(block.Body, scope);
            default:
                return ((BreakStatement)statement).Continues ? Flow.Continue : Flow.Break;
        }
    }

    private void Write(string text)
    {
        budget.Spend(text.Length);
        if (output.Length + text.Length > TemplateBudget.MostText)
            budget.Spend(long.MaxValue);
        output.Append(text);
    }

    private void Loop(ForStatement loop, TemplateScope scope)
    {
        List<object?> items = TemplateValues.Items(expressions.Value(loop.Items, scope));
        if (loop.Filter is { } filter)
            items = [.. items.Where(item => TemplateValues.IsTrue(expressions.Value(filter, Bind(loop.Targets, item, scope))))];
        if (items.Count == 0)
        {
            Run(loop.Else, scope);
            return;
        }

        for (int i = 0; i < items.Count; i++)
        {
            budget.Spend();
            TemplateScope inner = Bind(loop.Targets, items[i], scope);
            inner["loop"] = Position(items, i);
            if (Run(loop.Body, inner) == Flow.Break)
                break;
        }
    }

    private static TemplateScope Bind(IReadOnlyList<string> targets, object? item, TemplateScope scope)
    {
        TemplateScope inner = new(scope);
        if (targets.Count == 1)
            inner[targets[0]] = item;
        else
            foreach ((string name, object? part) in Unpack(targets, item))
                inner[name] = part;
        return inner;
    }

    private static IEnumerable<(T Target, object? Value)> Unpack<T>(IReadOnlyList<T> targets, object? value)
    {
        List<object?> parts = TemplateValues.Items(value);
        return parts.Count == targets.Count
            ? targets.Zip(parts)
            : throw TemplateException.Failed($"{parts.Count} values for {targets.Count} names");
    }

    private static TemplateMap Position(List<object?> items, int i) => new()
    {
        ["index"] = i + 1L,
        ["index0"] = (long)i,
        ["revindex"] = (long)items.Count - i,
        ["revindex0"] = items.Count - 1L - i,
        ["first"] = i == 0,
        ["last"] = i == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = i > 0 ? items[i - 1] : new Undefined("previtem"),
        ["nextitem"] = i + 1 < items.Count ? items[i + 1] : new Undefined("nextitem"),
        ["depth"] = 1L,
        ["depth0"] = 0L,
        ["cycle"] = (TemplateFunction)(a => a.Count > 0 ? a.Positional[i % a.Count] : null),
    };

    private void Set(SetStatement set, TemplateScope scope)
    {
        object? value = set.Value is { } expression ? expressions.Value(expression, scope) : Captured(set.Body, new TemplateScope(scope));
        if (set.Targets.Count == 1)
            Assign(set.Targets[0], value, scope);
        else
            foreach ((SetTarget target, object? part) in Unpack(set.Targets, value))
                Assign(target, part, scope);
    }

    private static void Assign(SetTarget target, object? value, TemplateScope scope)
    {
        if (target.Attribute is null)
            scope[target.Name] = value;
        else if (scope[target.Name] is TemplateNamespace space)
            space.Values[target.Attribute] = value;
        else
            throw TemplateException.Failed($"'{target.Name}' is no namespace, so '{target.Attribute}' cannot be set");
    }

    private string Captured(IReadOnlyList<Statement> body, TemplateScope scope)
    {
        StringBuilder outer = output;
        output = new StringBuilder();
        try
        {
            Run(body, scope);
            return output.ToString();
        }
        finally
        {
            output = outer;
        }
    }

    private string Invoke(MacroStatement macro, CallArguments arguments, TemplateScope scope)
    {
        if (arguments.Count > macro.Parameters.Count)
            throw TemplateException.Failed($"'{macro.Name}' takes {macro.Parameters.Count} arguments, not {arguments.Count}");
        TemplateScope inner = new(scope);
        for (int i = 0; i < macro.Parameters.Count; i++)
        {
            (string name, Expression? missing) = macro.Parameters[i];
            inner[name] = arguments.TryGet(i, name, out object? value) ? value
                : missing is null ? new Undefined(name) : expressions.Value(missing, inner);
        }

        budget.Enter();
        string text = Captured(macro.Body, inner);
        budget.Leave();
        return text;
    }
}
