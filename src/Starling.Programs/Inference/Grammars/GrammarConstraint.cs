using Starling.Compute.Generation;
using Starling.Compute.Tokens;

namespace Starling.Programs.Inference.Grammars;

/// <summary>Lets an answer be nothing but a text of a grammar, and end only where one is whole.</summary>
internal sealed class GrammarConstraint(Grammar grammar, TokenTrie trie, ITokenizer tokenizer, IReadOnlyList<int> stops) : ITokenConstraint
{
    /// <summary>Sets of tokens that are kept.</summary>
    private const int MostSets = 64;

    private readonly GrammarMatcher matcher = new(grammar);
    private readonly Queue<MatchState> sets = [];
    private bool ended;

    public void Allow(Span<ulong> allowed)
    {
        if (ended)
            return;
        MatchState state = matcher.Current;
        if (state.Tokens is null)
            Find(state);
        state.Tokens.AsSpan().CopyTo(allowed);
        if (!state.Accepts)
            return;
        foreach (int stop in stops)
            allowed[stop >> 6] |= 1UL << (stop & 63);
    }

    public void Accept(int token)
    {
        ReadOnlySpan<byte> bytes = tokenizer.BytesOf(token);
        ended |= bytes.IsEmpty || stops.Contains(token);
        if (!ended)
            matcher.Accept(bytes);
    }

    private void Find(MatchState state)
    {
        ulong[] found = new ulong[(trie.Size + 63) / 64];
        trie.Allow(matcher, state, found);
        state.Tokens = found;
        sets.Enqueue(state);
        if (sets.Count > MostSets)
            sets.Dequeue().Tokens = null;
    }
}
