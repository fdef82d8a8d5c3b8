namespace Starling.Programs.Inference.Grammars;

/// <summary>A step over one byte of a range.</summary>
internal readonly record struct ByteEdge(byte First, byte Last, int Target);

/// <summary>A step over a whole rule.</summary>
internal readonly record struct CallEdge(int Rule, int Target);

/// <summary>
/// A language of bytes: rules, each a small automaton between a start and an end state, that call each other. It may be
/// ambiguous and recursive. What a matcher reaches in it can always be completed: states without a way to the end, within
/// the depth that is allowed, are never entered.
/// </summary>
internal sealed class Grammar
{
    /// <summary>Rules open at once at most.</summary>
    public const int MostDepth = 128;

    private const int Never = int.MaxValue;

    private readonly GrammarStates states;
    private readonly int[] needs;

    private Grammar(GrammarStates states, int[] needs, int root) => (this.states, this.needs, Root) = (states, needs, root);

    /// <summary>The rule that texts of the language match.</summary>
    public int Root { get; }

    /// <summary>The finished grammar; null where no text matches the root.</summary>
    public static Grammar? Create(GrammarStates states, int root)
    {
        int[] needs = Needs(states);
        return needs[states.Rules[root].Start] > MostDepth ? null : new Grammar(states, needs, root);
    }

    public int StartOf(int rule) => states.Rules[rule].Start;

    public bool IsEnd(int state) => states.IsEnd(state);

    public List<ByteEdge> Bytes(int state) => states.Bytes[state];

    public List<int> Empties(int state) => states.Empties[state];

    public List<CallEdge> Calls(int state) => states.Calls[state];

    /// <summary>Whether the end can be reached from here with so many rules open.</summary>
    public bool CanEnd(int state, int depth) => needs[state] <= MostDepth - depth;

    /// <summary>Per state, the fewest rules that must be open at once, beside its own, on a way to its rule's end.</summary>
    private static int[] Needs(GrammarStates states)
    {
        int[] needs = new int[states.Count];
        Array.Fill(needs, Never);
        foreach ((_, int end) in states.Rules)
            needs[end] = 0;
        // States are numbered mostly along the way to the end, so going backwards settles in few rounds.
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int state = states.Count - 1; state >= 0; state--)
            {
                int need = needs[state];
                foreach (ByteEdge edge in states.Bytes[state])
                    need = Math.Min(need, needs[edge.Target]);
                foreach (int target in states.Empties[state])
                    need = Math.Min(need, needs[target]);
                foreach (CallEdge call in states.Calls[state])
                    if (needs[states.Rules[call.Rule].Start] is var inner and < Never)
                        need = Math.Min(need, Math.Max(inner + 1, needs[call.Target]));
                changed |= need != needs[state];
                needs[state] = need;
            }
        }

        return needs;
    }
}
