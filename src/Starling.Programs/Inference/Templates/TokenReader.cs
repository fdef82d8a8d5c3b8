namespace Starling.Programs.Inference.Templates;

/// <summary>Goes over the tokens of a template.</summary>
internal sealed class TokenReader(List<TemplateToken> tokens)
{
    private int at;

    public TemplateToken Next => tokens[at];

    /// <summary>The token after the next one.</summary>
    public TemplateToken After => tokens[Math.Min(at + 1, tokens.Count - 1)];

    public TemplateToken Read()
    {
        TemplateToken token = tokens[at];
        if (token.Kind != TokenKind.End)
            at++;
        return token;
    }

    public void Skip(int count) => at = Math.Min(at + count, tokens.Count - 1);

    public bool Take(string symbol)
    {
        bool found = Next.Is(symbol);
        if (found)
            at++;
        return found;
    }

    public bool TakeName(string name)
    {
        bool found = Next.IsName(name);
        if (found)
            at++;
        return found;
    }

    public string TakeAnyName(string what) =>
        Next.Kind == TokenKind.Name ? Read().Text : throw Problem(TemplateProblemCode.Syntax, $"{what} is expected, not '{Next.Text}'");

    public void Expect(string symbol)
    {
        if (!Take(symbol))
            throw Problem(TemplateProblemCode.Syntax, $"'{symbol}' is expected, not '{Next.Text}'");
    }

    public void Expect(TokenKind kind)
    {
        if (Read().Kind != kind)
            throw Problem(TemplateProblemCode.Syntax, $"the tag should end here, not go on with '{Next.Text}'");
    }

    public TemplateException Problem(TemplateProblemCode code, string message) => new(code, message, Next.Line);
}
