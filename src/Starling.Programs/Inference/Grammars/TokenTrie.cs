using Starling.Compute.Tokens;

namespace Starling.Programs.Inference.Grammars;

/// <summary>
/// The bytes of a vocabulary as a tree in one array, so that tokens with a common beginning are tried together. Tokens
/// without bytes, and those of more than <see cref="MostBytes"/>, are not in it. Safe for concurrent use.
/// </summary>
public sealed class TokenTrie
{
    private const int MostBytes = 128;

    // Nodes in the order of a walk: a node's byte, its depth, and the node after all that is below it.
    private readonly List<byte> bytes = [];
    private readonly List<byte> depths = [];
    private readonly List<int> ends = [];
    private readonly List<int[]> tokens = [];

    public TokenTrie(ITokenizer tokenizer, int vocabularySize)
    {
        Size = vocabularySize;
        int[] order = [.. Enumerable.Range(0, Math.Min(vocabularySize, tokenizer.VocabularySize))
            .Where(token => tokenizer.BytesOf(token).Length is > 0 and <= MostBytes)];
        Array.Sort(order, (a, b) => tokenizer.BytesOf(a).SequenceCompareTo(tokenizer.BytesOf(b)) is not 0 and int by ? by : a.CompareTo(b));
        byte[] last = [];
        List<int> path = [];
        foreach (int token in order)
        {
            byte[] next = tokenizer.BytesOf(token).ToArray();
            int shared = next.AsSpan().CommonPrefixLength(last);
            Close(path, shared);
            for (int i = shared; i < next.Length; i++)
                path.Add(Open(next[i], i));
            tokens[path[^1]] = [.. tokens[path[^1]], token];
            last = next;
        }

        Close(path, 0);
    }

    /// <summary>Tokens of the model.</summary>
    public int Size { get; }

    /// <summary>Sets the bit of every token that the grammar allows next.</summary>
    internal void Allow(GrammarMatcher matcher, MatchState from, Span<ulong> allowed)
    {
        MatchState[] states = new MatchState[MostBytes + 1];
        states[0] = from;
        for (int node = 0; node < bytes.Count;)
        {
            MatchState state = matcher.Step(states[depths[node]], bytes[node]);
            if (state.IsDead)
            {
                node = ends[node];
                continue;
            }

            states[depths[node] + 1] = state;
            foreach (int token in tokens[node])
                allowed[token >> 6] |= 1UL << (token & 63);
            node++;
        }
    }

    private int Open(byte value, int depth)
    {
        bytes.Add(value);
        depths.Add((byte)depth);
        ends.Add(0);
        tokens.Add([]);
        return bytes.Count - 1;
    }

    private void Close(List<int> path, int keep)
    {
        for (int i = path.Count - 1; i >= keep; i--)
        {
            ends[path[i]] = bytes.Count;
            path.RemoveAt(i);
        }
    }
}
