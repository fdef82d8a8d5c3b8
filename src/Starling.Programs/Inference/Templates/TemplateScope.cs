namespace Starling.Programs.Inference.Templates;

/// <summary>The variables that a part of a template sees; what it sets is gone with it.</summary>
internal sealed class TemplateScope(TemplateScope? outer)
{
    private readonly Dictionary<string, object?> variables = new(StringComparer.Ordinal);

    public object? this[string name]
    {
        get => variables.TryGetValue(name, out object? value) ? value : outer is null ? new Undefined(name) : outer[name];
        set => variables[name] = value;
    }
}
