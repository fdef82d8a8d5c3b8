using Starling.Node.Contract;
using Starling.Programs.Tasks.Parameters;

namespace Starling.Node.Adversaries;

/// <summary>
/// Trains for fewer steps than asked, at least one fewer, and shows the early state as the last. Caught by recomputing:
/// the trace has too few states, or its last interval does not lead where it says.
/// </summary>
public sealed class SkipsSteps(IRole honest, Occasion.Test? dares = null) : AlteredTask(honest, dares)
{
    private protected override InnerParameters? Alter(InnerParameters parameters) =>
        parameters with { Steps = Math.Max(1, parameters.Steps - Math.Max(1, parameters.Steps / 4)) };
}
