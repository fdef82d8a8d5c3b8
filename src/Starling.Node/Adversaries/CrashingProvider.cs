using Starling.Node.Contract;
using Starling.Protocol;

namespace Starling.Node.Adversaries;

/// <summary>Does some runs and then is gone for good, in the middle of the next. Caught as silence is.</summary>
/// <param name="honest">The provider.</param>
/// <param name="runs">Runs that it still does.</param>
public sealed class CrashingProvider(IRole honest, int runs) : Adversary(honest)
{
    private int _left = runs;
    private bool _gone;

    private protected override void Hear(Timestamp now, Input input, EffectList effects)
    {
        if (!_gone)
            Pass(now, input);
    }

    private protected override void Say(Timestamp now, Effect effect, EffectList effects)
    {
        if (effect is RunTask && _left-- == 0)
            _gone = true;
        if (!_gone)
            effects.Add(effect);
    }
}
