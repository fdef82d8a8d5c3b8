using System.Globalization;

namespace Starling.Programs.Inference.Templates;

/// <summary>Reads expressions with the precedence of Jinja.</summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private const int MostDepth = 100;

    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private int depth;

    public Expression Parse() => Deeper(ParseConditional);

    /// <summary>An expression, or several with commas between them as a list.</summary>
    public Expression ParseTuple()
    {
        Expression first = Parse();
        if (!tokens.Next.Is(","))
            return first;
        List<Expression> items = [first];
        while (tokens.Take(",") && tokens.Next.Kind is not (TokenKind.EndStatement or TokenKind.EndOutput))
            items.Add(Parse());
        return new ListExpression(items);
    }

    /// <summary>An expression without <c>if</c>, as what a loop goes over.</summary>
    public Expression ParseItems() => Deeper(ParseOr);

    private Expression Deeper(Func<Expression> parse)
    {
        if (++depth > MostDepth)
            throw tokens.Problem(TemplateProblemCode.TooLarge, $"expressions nest deeper than {MostDepth}");
        Expression expression = parse();
        depth--;
        return expression;
    }

    private Expression ParseConditional()
    {
        Expression then = ParseOr();
        while (tokens.TakeName("if"))
        {
            Expression test = ParseOr();
            Expression? otherwise = tokens.TakeName("else") ? Parse() : null;
            then = new Conditional(test, then, otherwise);
        }

        return then;
    }

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (tokens.TakeName("or"))
            left = new Junction(IsAnd: false, left, ParseAnd());
        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (tokens.TakeName("and"))
            left = new Junction(IsAnd: true, left, ParseNot());
        return left;
    }

    private Expression ParseNot() => tokens.TakeName("not") ? new Not(Deeper(ParseNot)) : ParseComparison();

    private Expression ParseComparison()
    {
        Expression first = ParseSum();
        List<(string, Expression)> rest = [];
        while (true)
            if (Array.Find(Comparisons, tokens.Take) is { } symbol)
                rest.Add((symbol, ParseSum()));
            else if (tokens.TakeName("in"))
                rest.Add(("in", ParseSum()));
            else if (tokens.Next.IsName("not") && tokens.After.IsName("in"))
            {
                tokens.Skip(2);
                rest.Add(("not in", ParseSum()));
            }
            else
                return rest.Count == 0 ? first : new Comparison(first, rest);
    }

    private Expression ParseSum() => Chain(ParseConcatenation, "+", "-");

    private Expression ParseConcatenation() => Chain(ParseProduct, "~");

    private Expression ParseProduct() => Chain(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower()
    {
        Expression left = ParseUnary(filters: true);
        return tokens.Take("**") ? new Binary("**", left, Deeper(ParsePower)) : left;
    }

    private Expression Chain(Func<Expression> operand, params string[] symbols)
    {
        Expression left = operand();
        while (Array.Find(symbols, tokens.Take) is { } symbol)
            left = new Binary(symbol, left, operand());
        return left;
    }

    private Expression ParseUnary(bool filters)
    {
        Expression value = tokens.Take("-") ? new Negative(Deeper(() => ParseUnary(filters: false)))
            : tokens.Take("+") ? Deeper(() => ParseUnary(filters: false))
            : ParsePostfix(ParsePrimary());
        return filters ? ParseFilters(value) : value;
    }

    private Expression ParseFilters(Expression value)
    {
        while (true)
            if (tokens.Take("|"))
                value = new FilterCall(value, tokens.TakeAnyName("a filter's name"), ParseOptionalArguments());
            else if (tokens.TakeName("is"))
                value = ParseTest(value);
            else if (tokens.Next.Is("("))
                value = new Call(value, ParseArguments());
            else
                return value;
    }

    private Expression ParseTest(Expression value)
    {
        bool negated = tokens.TakeName("not");
        string name = tokens.TakeAnyName("a test's name");
        if (tokens.Next.Is("("))
            return new TestCall(value, name, ParseArguments(), negated);
        bool argument = tokens.Next.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float
            || tokens.Next.Is("[") || tokens.Next.Is("{")
            || (tokens.Next.Kind == TokenKind.Name && tokens.Next.Text is not ("and" or "or" or "else" or "if" or "is" or "in" or "not"));
        return new TestCall(value, name, argument ? new Arguments([ParsePostfix(ParsePrimary())], []) : Arguments.None, negated);
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
            if (tokens.Take("."))
                value = tokens.Next.Kind == TokenKind.Integer
                    ? new Item(value, ParsePrimary())
                    : new Attribute(value, tokens.TakeAnyName("a name after '.'"));
            else if (tokens.Take("["))
                value = ParseItem(value);
            else if (tokens.Next.Is("("))
                value = new Call(value, ParseArguments());
            else
                return value;
    }

    private Expression ParseItem(Expression owner)
    {
        Expression? start = tokens.Next.Is(":") ? null : Parse();
        if (start is not null && tokens.Take("]"))
            return new Item(owner, start);
        tokens.Expect(":");
        Expression? stop = tokens.Next.Is(":") || tokens.Next.Is("]") ? null : Parse();
        Expression? step = tokens.Take(":") && !tokens.Next.Is("]") ? Parse() : null;
        tokens.Expect("]");
        return new SliceItem(owner, start, stop, step);
    }

    private Arguments ParseOptionalArguments() => tokens.Next.Is("(") ? ParseArguments() : Arguments.None;

    private Arguments ParseArguments()
    {
        tokens.Expect("(");
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        while (!tokens.Take(")"))
        {
            if (tokens.Next.Kind == TokenKind.Name && tokens.After.Is("="))
            {
                string name = tokens.TakeAnyName("a name");
                tokens.Expect("=");
                named.Add((name, Parse()));
            }
            else if (named.Count == 0)
                positional.Add(Parse());
            else
                throw tokens.Problem(TemplateProblemCode.Syntax, "an argument without a name after one with a name");
            if (!tokens.Next.Is(")"))
                tokens.Expect(",");
        }

        return new Arguments(positional, named);
    }

    private Expression ParsePrimary()
    {
        TemplateToken token = tokens.Read();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return NameOrWord(token.Text);
            case TokenKind.String:
                string text = token.Text;
                while (tokens.Next.Kind == TokenKind.String)
                    text += tokens.Read().Text;
                return new Literal(text);
            case TokenKind.Integer:
                return long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long whole)
                    ? new Literal(whole)
                    : throw tokens.Problem(TemplateProblemCode.TooLarge, $"{token.Text} does not fit 64 bits");
            case TokenKind.Float:
                return new Literal(double.Parse(token.Text, CultureInfo.InvariantCulture));
        }

        return token.Is("(") ? ParseParentheses()
            : token.Is("[") ? new ListExpression(ParseList("]"))
            : token.Is("{") ? ParseMap()
            : throw tokens.Problem(TemplateProblemCode.Syntax, $"'{token.Text}' where a value is expected");
    }

    private static Expression NameOrWord(string name) => name switch
    {
        "true" or "True" => new Literal(true),
        "false" or "False" => new Literal(false),
        "none" or "None" => new Literal(null),
        _ => new NameExpression(name),
    };

    private Expression ParseParentheses()
    {
        if (tokens.Take(")"))
            return new ListExpression([]);
        Expression first = Parse();
        if (tokens.Take(")"))
            return first;
        tokens.Expect(",");
        return new ListExpression([first, .. ParseList(")")]);
    }

    private List<Expression> ParseList(string end)
    {
        List<Expression> items = [];
        while (!tokens.Take(end))
        {
            items.Add(Parse());
            if (!tokens.Next.Is(end))
                tokens.Expect(",");
        }

        return items;
    }

    private MapExpression ParseMap()
    {
        List<(Expression, Expression)> entries = [];
        while (!tokens.Take("}"))
        {
            Expression key = Parse();
            tokens.Expect(":");
            entries.Add((key, Parse()));
            if (!tokens.Next.Is("}"))
                tokens.Expect(",");
        }

        return new MapExpression(entries);
    }
}
