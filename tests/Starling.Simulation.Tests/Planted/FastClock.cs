using Starling.Node.Contract;
using Starling.Protocol;

namespace Starling.Simulation.Planted;

/// <summary>A machine whose clock gains a second with every step from some step on.</summary>
internal sealed class FastClock(IRole role) : IRole
{
    private const int TrueSteps = 200;
    private int _steps;

    public void Step(Timestamp now, Input input, EffectList effects) =>
        role.Step(now.After(1_000 * Math.Max(0, ++_steps - TrueSteps)), input, effects);
}
