using Starling.Node.Contract;
using Starling.Protocol;

namespace Starling.Node.Adversaries;

/// <summary>
/// Offers its machine, takes tasks, and never does any. Caught by the deadline: it pays a part of the bond and what its
/// replacement costs more, and is barred for a time that doubles.
/// </summary>
public sealed class SilentProvider(IRole honest) : Adversary(honest)
{
    private protected override void Say(Timestamp now, Effect effect, EffectList effects)
    {
        if (effect is not RunTask)
            effects.Add(effect);
    }
}
