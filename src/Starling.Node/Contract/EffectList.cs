namespace Starling.Node.Contract;

/// <summary>Collects the effects of one step, in order.</summary>
public sealed class EffectList
{
    private readonly List<Effect> _effects = [];

    public IReadOnlyList<Effect> Effects => _effects;

    public void Add(Effect effect) => _effects.Add(effect);

    public void Clear() => _effects.Clear();
}
