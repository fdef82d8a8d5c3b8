using System.Globalization;
using System.Text;

namespace Starling.Programs.Inference.Templates;

internal enum TokenKind
{
    Text,
    BeginStatement,
    EndStatement,
    BeginOutput,
    EndOutput,
    Name,
    String,
    Integer,
    Float,
    Symbol,
    End,
}

/// <param name="Text">The text, name, symbol or number.</param>
internal readonly record struct TemplateToken(TokenKind Kind, string Text, int Line)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;
}

/// <summary>
/// Cuts a template into tokens with the white space rules that chat templates are written for: blocks take the white
/// space before them on their line and the line's end after them, and the last line's end does not count.
/// </summary>
internal sealed class TemplateLexer
{
    private const int MostTokens = 1 << 17;

    private static readonly string[] Symbols =
        ["**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", ".", ":", "|", ",", "(", ")", "[", "]", "{", "}"];

    private readonly string text;
    private readonly List<TemplateToken> tokens = [];
    private int at;
    private int line = 1;

    private TemplateLexer(string source)
    {
        text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        text = text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <exception cref="TemplateException">A tag or text does not end.</exception>
    public static List<TemplateToken> Cut(string source)
    {
        TemplateLexer lexer = new(source);
        lexer.Run();
        lexer.Add(TokenKind.End, "");
        return lexer.tokens;
    }

    private void Run()
    {
        // Whether what comes next begins a line, as it does where the end of one was taken with a tag.
        bool lineStart = true, stripNext = false;
        while (at < text.Length)
        {
            int tag = FindTag();
            string before = text[at..tag];
            char kind = tag < text.Length ? text[tag + 1] : '\0';
            char mark = tag + 2 < text.Length ? text[tag + 2] : '\0';
            string kept = stripNext ? before.TrimStart() : before;
            if (mark == '-')
                kept = kept.TrimEnd();
            else if (kind is '%' or '#' && mark != '+')
                kept = WithoutIndent(kept, before, lineStart);
            if (kept.Length > 0)
                Add(TokenKind.Text, kept);
            Skip(tag - at);
            if (kind == '\0')
                return;
            Skip(mark is '-' or '+' ? 3 : 2);
            char close = Tag(kind);
            stripNext = close == '-';
            lineStart = close == ' ' && kind != '{' && at < text.Length && text[at] == '\n';
            if (lineStart)
                Skip(1);
        }
    }

    private int FindTag()
    {
        for (int i = at; i + 1 < text.Length; i++)
            if (text[i] == '{' && text[i + 1] is '{' or '%' or '#')
                return i;
        return text.Length;
    }

    private static string WithoutIndent(string kept, string before, bool lineStart)
    {
        int start = kept.LastIndexOf('\n') + 1;
        bool beginsLine = start > 0 || (lineStart && kept.Length == before.Length);
        return beginsLine && string.IsNullOrWhiteSpace(kept[start..]) ? kept[..start] : kept;
    }

    /// <summary>Reads a tag to its end: '-' takes the white space after it, '+' leaves even the line's end, ' ' is neither.</summary>
    private char Tag(char kind)
    {
        if (kind == '#')
            return Comment();
        bool statement = kind == '%';
        Add(statement ? TokenKind.BeginStatement : TokenKind.BeginOutput, "");
        for (int open = 0; ;)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                Skip(1);
            if (at >= text.Length)
                throw Syntax(statement ? "'{%' without '%}'" : "'{{' without '}}'");
            int mark = text[at] is '-' or '+' ? 1 : 0;
            if (open == 0 && string.CompareOrdinal(text, at + mark, statement ? "%}" : "}}", 0, 2) == 0)
            {
                char close = mark == 0 ? ' ' : text[at];
                Skip(mark + 2);
                Add(statement ? TokenKind.EndStatement : TokenKind.EndOutput, "");
                return close;
            }

            open += Inner();
        }
    }

    private char Comment()
    {
        int end = text.IndexOf("#}", at, StringComparison.Ordinal);
        if (end < 0)
            throw Syntax("'{#' without '#}'");
        char close = end > at && text[end - 1] is '-' or '+' ? text[end - 1] : ' ';
        Skip(end + 2 - at);
        return close;
    }

    /// <summary>One token of an expression; by how much it changes the number of open brackets.</summary>
    private int Inner()
    {
        char c = text[at];
        if (c is '\'' or '"')
        {
            Quoted(c);
            return 0;
        }

        if (char.IsAsciiDigit(c))
        {
            Number();
            return 0;
        }

        if (char.IsLetter(c) || c == '_')
        {
            int end = at;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            Add(TokenKind.Name, text[at..end]);
            Skip(end - at);
            return 0;
        }

        foreach (string symbol in Symbols)
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0)
            {
                Add(TokenKind.Symbol, symbol);
                Skip(symbol.Length);
                return symbol is "(" or "[" or "{" ? 1 : symbol is ")" or "]" or "}" ? -1 : 0;
            }

        throw Syntax($"'{c}' is unexpected");
    }

    private void Quoted(char quote)
    {
        StringBuilder value = new();
        int i = at + 1;
        for (; i < text.Length && text[i] != quote; i++)
            if (text[i] == '\\' && i + 1 < text.Length)
                i = Escape(value, i + 1);
            else
                value.Append(text[i]);
        if (i >= text.Length)
            throw Syntax("a text without its closing quote");
        Add(TokenKind.String, value.ToString());
        Skip(i + 1 - at);
    }

    /// <summary>Adds what an escape stands for, as Python reads it; the index of its last character.</summary>
    private int Escape(StringBuilder value, int i)
    {
        int digits = text[i] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (i + digits >= text.Length
                || !int.TryParse(text.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
                || code is < 0 or > 0x10FFFF or (>= 0xD800 and < 0xE000))
                throw Syntax($"'\\{text[i]}' needs {digits} hexadecimal digits of a character");
            value.Append(char.ConvertFromUtf32(code));
            return i + digits;
        }

        _ = text[i] switch
        {
            'n' => value.Append('\n'),
            't' => value.Append('\t'),
            'r' => value.Append('\r'),
            '\\' or '\'' or '"' => value.Append(text[i]),
            _ => value.Append('\\').Append(text[i]),
        };
        return i;
    }

    private void Number()
    {
        int end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '_'))
            end++;
        bool fraction = end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]);
        for (end += fraction ? 1 : 0; fraction && end < text.Length && char.IsAsciiDigit(text[end]);)
            end++;
        Add(fraction ? TokenKind.Float : TokenKind.Integer, text[at..end].Replace("_", "", StringComparison.Ordinal));
        Skip(end - at);
    }

    private void Skip(int count)
    {
        line += text.AsSpan(at, count).Count('\n');
        at += count;
    }

    private void Add(TokenKind kind, string value)
    {
        if (tokens.Count >= MostTokens)
            throw new TemplateException(TemplateProblemCode.TooLarge, $"more than {MostTokens} parts", line);
        tokens.Add(new TemplateToken(kind, value, line));
    }

    private TemplateException Syntax(string message) => new(TemplateProblemCode.Syntax, message, line);
}
