namespace Starling.Compute.Tokens;

/// <summary>A token that is found in a text before it is cut into words.</summary>
/// <param name="StripsLeft">Whether it takes the white space before it.</param>
/// <param name="StripsRight">Whether it takes the white space after it.</param>
internal sealed record AddedToken(string Text, int Id, bool IsSpecial, bool StripsLeft, bool StripsRight);

/// <summary>Finds added tokens in a text: the first one, the longest of those that begin there.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, AddedToken[]> byFirst;

    public AddedTokens(IEnumerable<AddedToken> tokens) => byFirst = tokens
        .GroupBy(token => token.Text[0])
        .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Text.Length).ToArray());

    /// <summary>The next token from <paramref name="start"/> on, and where its text begins and ends; null if none.</summary>
    public AddedToken? Next(ReadOnlySpan<char> text, int start, bool special, out int begin, out int end)
    {
        for (int at = start; at < text.Length; at++)
        {
            if (!byFirst.TryGetValue(text[at], out AddedToken[]? candidates))
                continue;
            foreach (AddedToken token in candidates)
            {
                if ((token.IsSpecial && !special) || !text[at..].StartsWith(token.Text, StringComparison.Ordinal))
                    continue;
                (begin, end) = (at, at + token.Text.Length);
                while (token.StripsLeft && begin > start && char.IsWhiteSpace(text[begin - 1]))
                    begin--;
                while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
                    end++;
                return token;
            }
        }

        (begin, end) = (text.Length, text.Length);
        return null;
    }
}
