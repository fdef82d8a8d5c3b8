using Starling.Node.Contract;
using Starling.Programs.Tasks.Parameters;

namespace Starling.Node.Adversaries;

/// <summary>
/// Draws its batches from another seed, as one would who tries seeds until the loss looks well. Caught as other data is.
/// </summary>
public sealed class UsesAnotherSeed(IRole honest, Occasion.Test? dares = null) : AlteredTask(honest, dares)
{
    private protected override InnerParameters? Alter(InnerParameters parameters) =>
        parameters with { Seed = parameters.Seed + 1 };
}
