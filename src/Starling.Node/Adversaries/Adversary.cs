using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Protocol;

namespace Starling.Node.Adversaries;

/// <summary>
/// A role gone wrong: wraps an honest one, or another adversary, and alters what it hears or says. Honest code knows
/// nothing of it. For trying out what a network does about it, in the simulator and with <c>run --misbehave</c>.
/// </summary>
public abstract class Adversary(IRole honest) : IRole
{
    private readonly Queue<Effect> _own = [];

    /// <summary>The honest role inside.</summary>
    private protected ChainRole Node { get; } = honest as ChainRole ?? ((Adversary)honest).Node;

    public void Step(Timestamp now, Input input, EffectList effects)
    {
        Hear(now, input, effects);
        while (_own.TryDequeue(out var effect))
            Say(now, effect, effects);
    }

    /// <summary>Hands an input to the honest role, alters it, or keeps it back.</summary>
    private protected virtual void Hear(Timestamp now, Input input, EffectList effects) => Pass(now, input);

    /// <summary>Lets an effect of the honest role out, alters it, or keeps it back.</summary>
    private protected virtual void Say(Timestamp now, Effect effect, EffectList effects) => effects.Add(effect);

    /// <summary>Lets the honest role take an input; what it says to that goes through <see cref="Say"/>.</summary>
    private protected void Pass(Timestamp now, Input input)
    {
        var said = new EffectList();
        honest.Step(now, input, said);
        foreach (var effect in said.Effects)
            _own.Enqueue(effect);
    }
}
