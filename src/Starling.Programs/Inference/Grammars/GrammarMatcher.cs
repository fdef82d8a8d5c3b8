using System.Runtime.InteropServices;

namespace Starling.Programs.Inference.Grammars;

/// <summary>Where a matcher can be after some bytes: every place of the grammar that they lead to, and what may follow.</summary>
internal sealed class MatchState(MatchPlace[] places, bool accepts)
{
    private MatchState?[]? next;

    public MatchPlace[] Places => places;

    /// <summary>Whether the bytes so far are a whole text.</summary>
    public bool Accepts => accepts;

    public bool IsDead => places.Length == 0 && !accepts;

    /// <summary>The tokens that may follow, once they were asked for.</summary>
    public ulong[]? Tokens { get; set; }

    public MatchState?[] Next => next ??= new MatchState?[256];
}

/// <summary>A state within the innermost open rule, and the rules around it.</summary>
internal readonly record struct MatchPlace(int State, OpenRule? Around);

/// <summary>A rule that is open, and where its caller goes on.</summary>
internal sealed class OpenRule(OpenRule? around, int returnTo)
{
    public OpenRule? Around => around;

    public int ReturnTo => returnTo;

    public int Depth { get; } = (around?.Depth ?? 0) + 1;
}

/// <summary>
/// Follows a grammar byte by byte. States are made when first reached and then kept, so that going the same way again is
/// an array's element; when there are too many all but the current one are forgotten. What is matched depends on the bytes
/// alone.
/// </summary>
internal sealed class GrammarMatcher
{
    private const int MostStates = 2048;

    /// <summary>Places of one state. Beyond it an ambiguous grammar loses readings, never correctness.</summary>
    private const int MostPlaces = 256;

    private readonly Grammar grammar;
    private readonly Dictionary<(OpenRule?, int), OpenRule> rules = [];
    private readonly Dictionary<int, List<MatchState>> known = [];
    private readonly List<MatchPlace> places = [];
    private readonly HashSet<MatchPlace> seen = [];
    private readonly Stack<MatchPlace> open = [];
    private bool accepts;
    private int count;

    public GrammarMatcher(Grammar grammar)
    {
        this.grammar = grammar;
        Begin();
        Reach(new MatchPlace(grammar.StartOf(grammar.Root), null));
        Current = Intern();
    }

    public MatchState Current { get; private set; }

    public void Accept(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            Current = Step(Current, value);
        if (count > MostStates)
            Forget();
    }

    public MatchState Step(MatchState from, byte value) => from.Next[value] ??= Make(from, value);

    private MatchState Make(MatchState from, byte value)
    {
        Begin();
        foreach (MatchPlace place in from.Places)
            foreach (ByteEdge edge in grammar.Bytes(place.State))
                if (value >= edge.First && value <= edge.Last)
                    Reach(new MatchPlace(edge.Target, place.Around));
        return Intern();
    }

    private void Begin()
    {
        places.Clear();
        seen.Clear();
        accepts = false;
    }

    /// <summary>Adds a place and all that it leads to without a byte.</summary>
    private void Reach(MatchPlace first)
    {
        open.Push(first);
        while (open.TryPop(out MatchPlace place))
        {
            int depth = place.Around?.Depth ?? 0;
            if (seen.Count >= 4 * MostPlaces || !grammar.CanEnd(place.State, depth) || !seen.Add(place))
                continue;
            if (grammar.Bytes(place.State).Count > 0 && places.Count < MostPlaces)
                places.Add(place);
            if (grammar.IsEnd(place.State))
                if (place.Around is { } around)
                    open.Push(new MatchPlace(around.ReturnTo, around.Around));
                else
                    accepts = true;
            // Pushed backwards, so that what a grammar names first is reached first.
            for (int i = grammar.Calls(place.State).Count - 1; i >= 0; i--)
                Enter(grammar.Calls(place.State)[i], place.Around);
            for (int i = grammar.Empties(place.State).Count - 1; i >= 0; i--)
                open.Push(new MatchPlace(grammar.Empties(place.State)[i], place.Around));
        }
    }

    private void Enter(CallEdge call, OpenRule? around)
    {
        if (!grammar.CanEnd(call.Target, around?.Depth ?? 0))
            return;
        // A caller with nothing left to do need not be returned to: long lists stay flat.
        OpenRule? inner = grammar.IsEnd(call.Target) && around is not null ? around : Opened(around, call.Target);
        open.Push(new MatchPlace(grammar.StartOf(call.Rule), inner));
    }

    private OpenRule Opened(OpenRule? around, int returnTo)
    {
        ref OpenRule? rule = ref CollectionsMarshal.GetValueRefOrAddDefault(rules, (around, returnTo), out _);
        return rule ??= new OpenRule(around, returnTo);
    }

    private MatchState Intern()
    {
        HashCode hash = default;
        foreach (MatchPlace place in places)
            hash.Add(place);
        hash.Add(accepts);
        ref List<MatchState>? alike = ref CollectionsMarshal.GetValueRefOrAddDefault(known, hash.ToHashCode(), out _);
        alike ??= [];
        foreach (MatchState other in alike)
            if (other.Accepts == accepts && other.Places.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(places)))
                return other;
        MatchState made = new([.. places], accepts);
        alike.Add(made);
        count++;
        return made;
    }

    private void Forget()
    {
        MatchPlace[] kept = Current.Places;
        bool whole = Current.Accepts;
        rules.Clear();
        known.Clear();
        count = 0;
        Begin();
        accepts = whole;
        foreach (MatchPlace place in kept)
            places.Add(place with { Around = Reopened(place.Around) });
        Current = Intern();
    }

    private OpenRule? Reopened(OpenRule? rule) => rule is null ? null : Opened(Reopened(rule.Around), rule.ReturnTo);
}
