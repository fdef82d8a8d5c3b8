namespace Starling.Compute.Tokens;

/// <summary>
/// The pairs of tokens that become one, by rank. Merging takes n log n steps for n symbols, whatever they are.
/// </summary>
internal sealed class PairMerges
{
    private readonly Dictionary<long, (int Rank, int Token)> pairs = [];

    /// <summary>Adds a pair that has no better rank yet.</summary>
    public void Add(int left, int right, int rank, int token)
    {
        if (!pairs.TryGetValue(Key(left, right), out (int Rank, int Token) known) || rank < known.Rank)
            pairs[Key(left, right)] = (rank, token);
    }

    /// <summary>Merges the pair of lowest rank, the leftmost among equals, until none is left; appends what remains.</summary>
    public void Apply(Span<int> symbols, List<int> output)
    {
        Word word = new(this, symbols.Length);
        for (int i = 0; i + 1 < symbols.Length; i++)
            word.Consider(symbols, i);
        while (word.TakeBest(symbols))
        {
        }

        for (int i = 0; i < symbols.Length; i = word.Next(i))
            output.Add(symbols[i]);
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>Symbols as a list linked by position; a merged one stays where its left part was.</summary>
    private sealed class Word
    {
        private readonly PairMerges merges;
        private readonly int[] next, previous;
        private readonly PriorityQueue<(int At, int Left, int Right, int Token), (int Rank, int At)> queue = new();

        public Word(PairMerges merges, int length)
        {
            this.merges = merges;
            next = new int[length];
            previous = new int[length];
            for (int i = 0; i < length; i++)
                (previous[i], next[i]) = (i - 1, i + 1);
        }

        public int Next(int at) => next[at];

        /// <summary>Queues the pair that begins here, if it merges.</summary>
        public void Consider(ReadOnlySpan<int> symbols, int at)
        {
            int right = next[at];
            if (right < symbols.Length
                && merges.pairs.TryGetValue(Key(symbols[at], symbols[right]), out (int Rank, int Token) merge))
                queue.Enqueue((at, symbols[at], symbols[right], merge.Token), (merge.Rank, at));
        }

        /// <summary>Merges the best pair that is still there; false when none is.</summary>
        public bool TakeBest(Span<int> symbols)
        {
            while (queue.TryDequeue(out (int At, int Left, int Right, int Token) pair, out _))
            {
                int right = next[pair.At];
                if (symbols[pair.At] != pair.Left || right >= symbols.Length || symbols[right] != pair.Right)
                    continue;
                symbols[pair.At] = pair.Token;
                symbols[right] = -1;
                next[pair.At] = next[right];
                if (next[right] < symbols.Length)
                    previous[next[right]] = pair.At;
                if (previous[pair.At] >= 0)
                    Consider(symbols, previous[pair.At]);
                Consider(symbols, pair.At);
                return true;
            }

            return false;
        }
    }
}
