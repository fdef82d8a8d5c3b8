namespace Starling.Programs.Inference.Grammars;

/// <summary>The states and rules of a grammar in the making.</summary>
internal sealed class GrammarStates
{
    private const int MostStates = 1 << 16;

    private readonly List<bool> ends = [];

    public List<(int Start, int End)> Rules { get; } = [];

    public List<List<ByteEdge>> Bytes { get; } = [];

    public List<List<int>> Empties { get; } = [];

    public List<List<CallEdge>> Calls { get; } = [];

    public int Count => Bytes.Count;

    public bool IsEnd(int state) => ends[state];

    public int State()
    {
        if (Count == MostStates)
            throw new GrammarException(GrammarProblemCode.TooLarge, "", $"the schema needs more than {MostStates} states");
        Bytes.Add([]);
        Empties.Add([]);
        Calls.Add([]);
        ends.Add(false);
        return Count - 1;
    }

    /// <summary>A new rule, nothing between its start and its end.</summary>
    public int Rule()
    {
        Rules.Add((State(), State()));
        ends[^1] = true;
        return Rules.Count - 1;
    }

    public int Byte(int from, byte first, byte last)
    {
        int to = State();
        Bytes[from].Add(new ByteEdge(first, last, to));
        return to;
    }

    public int Byte(int from, char value) => Byte(from, (byte)value, (byte)value);

    public void Byte(int from, byte first, byte last, int to) => Bytes[from].Add(new ByteEdge(first, last, to));

    public void Empty(int from, int to) => Empties[from].Add(to);

    public int Call(int from, int rule)
    {
        int to = State();
        Calls[from].Add(new CallEdge(rule, to));
        return to;
    }

    public void Call(int from, int rule, int to) => Calls[from].Add(new CallEdge(rule, to));

    public int Text(int from, ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
            from = Byte(from, value, value);
        return from;
    }
}
