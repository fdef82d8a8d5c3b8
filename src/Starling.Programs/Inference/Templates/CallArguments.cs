namespace Starling.Programs.Inference.Templates;

/// <summary>Values that a call, filter or test was given.</summary>
internal sealed class CallArguments(List<object?> positional, TemplateMap named, TemplateBudget budget)
{
    public List<object?> Positional => positional;

    public TemplateMap Named => named;

    public TemplateBudget Budget => budget;

    public int Count => positional.Count;

    /// <summary>The argument at a place or of a name; false where it is left out.</summary>
    public bool TryGet(int index, string name, out object? value)
    {
        if (index >= positional.Count)
            return named.TryGet(name, out value);
        value = positional[index];
        return true;
    }

    public object? Get(int index, string name, object? missing = null) => TryGet(index, name, out object? value) ? value : missing;

    public object? Required(int index, string name) =>
        TryGet(index, name, out object? value) ? value : throw TemplateException.Failed($"the argument '{name}' is missing");

    public string Text(int index, string name, string missing) =>
        TryGet(index, name, out object? value) ? TemplateValues.TextOf(value, $"'{name}'") : missing;

    public int Integer(int index, string name, int missing) =>
        !TryGet(index, name, out object? value) || value is null ? missing
            : (int)Math.Clamp(TemplateValues.Whole(value), int.MinValue, int.MaxValue);

    public bool Flag(int index, string name, bool missing) =>
        TryGet(index, name, out object? value) ? TemplateValues.IsTrue(value) : missing;

    public CallArguments From(int index) => new([.. positional.Skip(index)], named, budget);
}

/// <summary>What one rendering may still use. A template comes with a model, and models come from strangers.</summary>
internal sealed class TemplateBudget
{
    public const int MostText = 1 << 22;
    private const int MostSteps = 1 << 20;
    private const int MostCalls = 64;

    private long steps = MostSteps;
    private int calls;

    /// <summary>Counts work: one step, and one for every 64 characters or items that it handles.</summary>
    public void Spend(long size = 0)
    {
        if (size > MostText)
            throw new TemplateException(TemplateProblemCode.TooLarge, $"a text or list is longer than {MostText}");
        if ((steps -= 1 + (size >> 6)) < 0)
            throw new TemplateException(TemplateProblemCode.TooLarge, $"the template takes more than {MostSteps} steps");
    }

    public string Spend(string text)
    {
        Spend(text.Length);
        return text;
    }

    public void Enter()
    {
        if (++calls > MostCalls)
            throw new TemplateException(TemplateProblemCode.TooLarge, $"macros call each other more than {MostCalls} deep");
    }

    public void Leave() => calls--;
}
