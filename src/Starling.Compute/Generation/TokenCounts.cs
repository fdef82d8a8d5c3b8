namespace Starling.Compute.Generation;

/// <summary>Which tokens a sequence has, for the penalties: a count per token, and the list of those there are.</summary>
/// <param name="length">Tokens that will be added at most; room for them is made at once.</param>
public sealed class TokenCounts(int vocabularySize, int length)
{
    private readonly int[] answered = new int[vocabularySize];
    private readonly bool[] seen = new bool[vocabularySize];
    private readonly List<int> distinct = new(Math.Min(vocabularySize, length));

    /// <summary>Every token of prompt and answer once.</summary>
    internal List<int> Distinct => distinct;

    /// <summary>How often the answer has the token.</summary>
    public int InAnswer(int token) => answered[token];

    public void AddPrompt(int token)
    {
        if (seen[token])
            return;
        seen[token] = true;
        distinct.Add(token);
    }

    public void AddAnswer(int token)
    {
        AddPrompt(token);
        answered[token]++;
    }
}
