using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Starling.Programs.Inference.Grammars;

/// <summary>
/// The parts of JSON as rules. Between parts at most one space, or one line's end and up to 32 spaces, so that a model
/// can not fill an answer with white space.
/// </summary>
internal sealed class JsonRules
{
    private const int MostIndent = 32;

    /// <summary>Digits of an integer: every one fits 64 bits.</summary>
    public const int MostDigits = 18;

    private const int MostFraction = 15;

    private readonly GrammarStates states;

    public JsonRules(GrammarStates states)
    {
        this.states = states;
        Space = states.Rule();
        AddSpace();
        PlainCharacter = states.Rule();
        AddCharacter(PlainCharacter, astral: false);
        Character = states.Rule();
        AddCharacter(Character, astral: true);
        Text = states.Rule();
        AddText();
        Integer = states.Rule();
        AddInteger(states.Rules[Integer].Start, states.Rules[Integer].End);
        Number = states.Rule();
        AddNumber();
        Value = states.Rule();
        Object = MapOf(Value);
        Array = ListOf(Value, 0, null);
        AddValue();
    }

    public int Space { get; }

    /// <summary>A character of a text, or what stands for one there.</summary>
    public int Character { get; }

    /// <summary>The same without those that take two units of UTF-16, on whose number validators do not agree.</summary>
    public int PlainCharacter { get; }

    public int Text { get; }

    public int Integer { get; }

    public int Number { get; }

    public int Object { get; }

    public int Array { get; }

    public int Value { get; }

    /// <summary>An object with any keys.</summary>
    public int MapOf(int value)
    {
        int rule = states.Rule(), inner = states.Call(states.Byte(states.Rules[rule].Start, '{'), Space);
        int end = states.State(), entry = inner;
        states.Byte(inner, (byte)'}', (byte)'}', states.Rules[rule].End);
        int after = Entry(entry, value);
        states.Empty(states.Call(after, Space), end);
        states.Byte(end, (byte)'}', (byte)'}', states.Rules[rule].End);
        int next = states.Call(states.Byte(end, ','), Space);
        states.Empty(Entry(next, value), after);
        return rule;

        int Entry(int from, int what) => states.Call(Colon(states.Call(from, Text)), what);
    }

    /// <summary>A list of least to most items; no limit above where most is null.</summary>
    public int ListOf(int item, int least, int? most) => ListOf([], item, least, most);

    /// <param name="first">The first items, each by a rule of its own.</param>
    /// <param name="item">The others; -1 for none.</param>
    public int ListOf(IReadOnlyList<int> first, int item, int least, int? most)
    {
        int rule = states.Rule(), end = states.Rules[rule].End;
        int at = states.Call(states.Byte(states.Rules[rule].Start, '['), Space);
        int counted = most ?? Math.Max(least, first.Count);
        for (int i = 0; i < counted && (i < first.Count || item >= 0); i++)
        {
            if (i >= least)
                states.Byte(i == 0 ? at : states.Call(at, Space), (byte)']', (byte)']', end);
            at = states.Call(i == 0 ? at : Comma(at), i < first.Count ? first[i] : item);
        }

        int filled = counted == 0 ? at : states.Call(at, Space);
        states.Byte(filled, (byte)']', (byte)']', end);
        if (most is not null || item < 0)
            return rule;
        int next = states.Call(counted == 0 ? at : Comma(at), item), loop = states.Call(next, Space);
        states.Byte(loop, (byte)']', (byte)']', end);
        states.Call(Comma(next), item, next);
        return rule;
    }

    /// <summary>Whatever white space may stand before it, a colon, and what may stand after it.</summary>
    public int Colon(int from) => states.Call(states.Byte(states.Call(from, Space), ':'), Space);

    public int Comma(int from) => states.Call(states.Byte(states.Call(from, Space), ','), Space);

    /// <summary>A text of least to most characters.</summary>
    public int TextOf(int least, int? most)
    {
        int rule = states.Rule(), at = states.Byte(states.Rules[rule].Start, '"'), end = states.Rules[rule].End;
        int character = most is null ? Character : PlainCharacter;
        for (int i = 0; i < (most ?? least); i++)
        {
            if (i >= least)
                states.Byte(at, (byte)'"', (byte)'"', end);
            at = states.Call(at, character);
        }

        states.Byte(at, (byte)'"', (byte)'"', end);
        if (most is null)
            states.Call(at, character, at);
        return rule;
    }

    /// <summary>Exactly this value, spaces as in <paramref name="value"/> left out.</summary>
    public int Exactly(JsonElement value)
    {
        int rule = states.Rule();
        Exactly(value, states.Rules[rule].Start, states.Rules[rule].End);
        return rule;
    }

    public void Exactly(JsonElement value, int from, int to)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            value.WriteTo(writer);
        states.Empty(states.Text(from, stream.ToArray()), to);
    }

    private void AddSpace()
    {
        (int start, int end) = states.Rules[Space];
        states.Empty(start, end);
        states.Byte(start, (byte)' ', (byte)' ', end);
        for (int i = 0, at = states.Byte(start, '\n'); i <= MostIndent; i++)
        {
            states.Empty(at, end);
            at = i < MostIndent ? states.Byte(at, ' ') : at;
        }
    }

    private void AddText()
    {
        (int start, int end) = states.Rules[Text];
        int inside = states.Byte(start, '"');
        states.Byte(inside, (byte)'"', (byte)'"', end);
        states.Call(inside, Character, inside);
    }

    /// <summary>Strict UTF-8, and the escapes of JSON without halves of surrogate pairs.</summary>
    private void AddCharacter(int rule, bool astral)
    {
        (int start, int end) = states.Rules[rule];
        states.Byte(start, 0x20, 0x21, end);
        states.Byte(start, 0x23, 0x5B, end);
        states.Byte(start, 0x5D, 0x7E, end);
        int one = states.State(), two = states.State(), three = states.State();
        states.Byte(one, 0x80, 0xBF, end);
        states.Byte(two, 0x80, 0xBF, one);
        states.Byte(three, 0x80, 0xBF, two);
        states.Byte(start, 0xC2, 0xDF, one);
        states.Byte(states.Byte(start, 0xE0, 0xE0), 0xA0, 0xBF, one);
        states.Byte(start, 0xE1, 0xEC, two);
        states.Byte(states.Byte(start, 0xED, 0xED), 0x80, 0x9F, one);
        states.Byte(start, 0xEE, 0xEF, two);
        if (astral)
        {
            states.Byte(states.Byte(start, 0xF0, 0xF0), 0x90, 0xBF, two);
            states.Byte(start, 0xF1, 0xF3, three);
            states.Byte(states.Byte(start, 0xF4, 0xF4), 0x80, 0x8F, two);
        }

        AddEscapes(states.Byte(start, '\\'), end, astral);
    }

    private void AddEscapes(int from, int end, bool astral)
    {
        foreach (char letter in "\"\\/bfnrt")
            states.Byte(from, (byte)letter, (byte)letter, end);
        int digits = states.Byte(from, 'u'), three = states.State(), two = states.State(), one = states.State();
        foreach ((char first, char last) in ((char, char)[])[('0', '9'), ('A', 'C'), ('a', 'c'), ('E', 'F'), ('e', 'f')])
            states.Byte(digits, (byte)first, (byte)last, three);
        Hex(three, two);
        Hex(two, one);
        Hex(one, end);
        int d = Either(digits, 'D', 'd'), surrogate = states.State();
        states.Byte(d, (byte)'0', (byte)'7', two);
        if (!astral)
            return;
        foreach ((char first, char last) in ((char, char)[])[('8', '9'), ('A', 'B'), ('a', 'b')])
            states.Byte(d, (byte)first, (byte)last, surrogate);
        int second = states.State(), third = states.State();
        Hex(surrogate, second);
        Hex(second, third);
        int low = Either(states.Byte(states.Byte(third, '\\'), 'u'), 'D', 'd');
        foreach ((char first, char last) in ((char, char)[])[('C', 'F'), ('c', 'f')])
            states.Byte(low, (byte)first, (byte)last, two);

        void Hex(int at, int to)
        {
            states.Byte(at, (byte)'0', (byte)'9', to);
            states.Byte(at, (byte)'A', (byte)'F', to);
            states.Byte(at, (byte)'a', (byte)'f', to);
        }

        int Either(int at, char upper, char lower)
        {
            int to = states.Byte(at, upper);
            states.Byte(at, (byte)lower, (byte)lower, to);
            return to;
        }
    }

    private void AddInteger(int from, int to)
    {
        int positive = states.State();
        states.Empty(from, positive);
        states.Byte(positive, (byte)'0', (byte)'0', to);
        int negative = states.Byte(from, '-'), at = states.Byte(positive, (byte)'1', (byte)'9');
        states.Byte(negative, (byte)'1', (byte)'9', at);
        Digits(at, MostDigits - 1, to);
    }

    private void AddNumber()
    {
        (int start, int end) = states.Rules[Number];
        int whole = states.State(), fraction = states.Byte(whole, '.'), fractionEnd = states.State();
        AddInteger(start, whole);
        int zero = states.Byte(states.Byte(start, '-'), '0');
        states.Byte(zero, (byte)'.', (byte)'.', fraction);
        states.Empty(whole, end);
        Digits(states.Byte(fraction, (byte)'0', (byte)'9'), MostFraction - 1, fractionEnd);
        states.Empty(fractionEnd, end);
        int power = states.State();
        foreach (int from in (int[])[whole, fractionEnd])
        {
            states.Byte(from, (byte)'e', (byte)'e', power);
            states.Byte(from, (byte)'E', (byte)'E', power);
        }

        int digits = states.State();
        states.Empty(power, digits);
        states.Byte(power, (byte)'+', (byte)'+', digits);
        states.Byte(power, (byte)'-', (byte)'-', digits);
        Digits(states.Byte(digits, (byte)'0', (byte)'9'), 1, end);
    }

    /// <summary>Up to so many digits.</summary>
    public void Digits(int from, int most, int to)
    {
        for (int i = 0; i <= most; i++)
        {
            states.Empty(from, to);
            from = i < most ? states.Byte(from, (byte)'0', (byte)'9') : from;
        }
    }

    private void AddValue()
    {
        (int start, int end) = states.Rules[Value];
        foreach (int rule in (int[])[Object, Array, Text, Number])
            states.Call(start, rule, end);
        foreach (string word in (string[])["true", "false", "null"])
            states.Empty(states.Text(start, Encoding.ASCII.GetBytes(word)), end);
    }
}
