namespace Starling.Programs.Inference.Templates;

/// <summary>Reads the statements of a template.</summary>
internal sealed class StatementParser
{
    private const int MostDepth = 50;

    private readonly TokenReader tokens;
    private readonly ExpressionParser expressions;
    private int depth;

    private StatementParser(string source)
    {
        tokens = new TokenReader(TemplateLexer.Cut(source));
        expressions = new ExpressionParser(tokens);
    }

    /// <exception cref="TemplateException">The text is no template that is read here.</exception>
    public static IReadOnlyList<Statement> Parse(string source)
    {
        StatementParser parser = new(source);
        List<Statement> all = parser.Body(out _);
        return parser.tokens.Next.Kind == TokenKind.End ? all
            : throw parser.tokens.Problem(TemplateProblemCode.Syntax, "an end without its beginning");
    }

    /// <summary>Statements up to a tag that ends them; its name is read, its rest is not. No ends at the template's end.</summary>
    private List<Statement> Body(out string end, params string[] ends)
    {
        if (++depth > MostDepth)
            throw tokens.Problem(TemplateProblemCode.TooLarge, $"statements nest deeper than {MostDepth}");
        List<Statement> body = [];
        while (tokens.Next.Kind != TokenKind.End)
        {
            TemplateToken token = tokens.Read();
            if (token.Kind == TokenKind.Text)
                body.Add(new TextStatement(token.Line, token.Text));
            else if (token.Kind == TokenKind.BeginOutput)
            {
                body.Add(new OutputStatement(token.Line, expressions.ParseTuple()));
                tokens.Expect(TokenKind.EndOutput);
            }
            else
            {
                string name = tokens.TakeAnyName("a statement's name");
                if (Array.IndexOf(ends, name) >= 0)
                {
                    depth--;
                    end = name;
                    return body;
                }

                body.Add(ParseStatement(name, token.Line));
            }
        }

        end = "";
        depth--;
        return ends.Length == 0 ? body
            : throw tokens.Problem(TemplateProblemCode.Syntax, $"the template ends before '{ends[^1]}'");
    }

    private Statement ParseStatement(string name, int line) => name switch
    {
        "if" => ParseIf(line),
        "for" => ParseFor(line),
        "set" => ParseSet(line),
        "macro" => ParseMacro(line),
        "generation" => ParseBlock(line, "endgeneration"),
        "break" or "continue" => End(new BreakStatement(line, Continues: name == "continue")),
        _ => throw new TemplateException(TemplateProblemCode.Unsupported, $"the statement '{name}' is not supported", line),
    };

    private T End<T>(T statement)
    {
        tokens.Expect(TokenKind.EndStatement);
        return statement;
    }

    private BlockStatement ParseBlock(int line, string end)
    {
        tokens.Expect(TokenKind.EndStatement);
        List<Statement> body = Body(out _, end);
        return End(new BlockStatement(line, body));
    }

    private IfStatement ParseIf(int line)
    {
        List<(Expression, IReadOnlyList<Statement>)> branches = [];
        List<Statement> otherwise = [];
        string end = "elif";
        while (end == "elif")
        {
            Expression test = End(expressions.ParseTuple());
            branches.Add((test, Body(out end, "elif", "else", "endif")));
        }

        if (end == "else")
        {
            tokens.Expect(TokenKind.EndStatement);
            otherwise = Body(out _, "endif");
        }

        return End(new IfStatement(line, branches, otherwise));
    }

    private ForStatement ParseFor(int line)
    {
        List<string> targets = Names();
        if (!tokens.TakeName("in"))
            throw tokens.Problem(TemplateProblemCode.Syntax, "'in' is expected");
        Expression items = expressions.ParseItems();
        Expression? filter = tokens.TakeName("if") ? expressions.Parse() : null;
        if (tokens.TakeName("recursive"))
            throw tokens.Problem(TemplateProblemCode.Unsupported, "recursive loops are not supported");
        tokens.Expect(TokenKind.EndStatement);
        List<Statement> body = Body(out string end, "else", "endfor"), otherwise = [];
        if (end == "else")
        {
            tokens.Expect(TokenKind.EndStatement);
            otherwise = Body(out _, "endfor");
        }

        return End(new ForStatement(line, targets, items, filter, body, otherwise));
    }

    private List<string> Names()
    {
        bool closed = tokens.Take("(");
        List<string> names = [tokens.TakeAnyName("a variable")];
        while (tokens.Take(","))
            names.Add(tokens.TakeAnyName("a variable"));
        if (closed)
            tokens.Expect(")");
        return names;
    }

    private SetStatement ParseSet(int line)
    {
        List<SetTarget> targets = [Target()];
        while (tokens.Take(","))
            targets.Add(Target());
        if (tokens.Take("="))
            return End(new SetStatement(line, targets, expressions.ParseTuple(), []));
        tokens.Expect(TokenKind.EndStatement);
        return End(new SetStatement(line, targets, null, Body(out _, "endset")));
    }

    private SetTarget Target()
    {
        string name = tokens.TakeAnyName("a variable");
        return new SetTarget(name, tokens.Take(".") ? tokens.TakeAnyName("a name after '.'") : null);
    }

    private MacroStatement ParseMacro(int line)
    {
        string name = tokens.TakeAnyName("a macro's name");
        tokens.Expect("(");
        List<(string, Expression?)> parameters = [];
        while (!tokens.Take(")"))
        {
            string parameter = tokens.TakeAnyName("a parameter");
            parameters.Add((parameter, tokens.Take("=") ? expressions.Parse() : null));
            if (!tokens.Next.Is(")"))
                tokens.Expect(",");
        }

        tokens.Expect(TokenKind.EndStatement);
        return End(new MacroStatement(line, name, parameters, Body(out _, "endmacro")));
    }
}
