using Starling.Node.Contract;
using Starling.Programs.Tasks.Parameters;

namespace Starling.Node.Adversaries;

/// <summary>
/// Trains on another worker's records. Caught by recomputing: a dispute ends at the first step's inputs, which the ledger
/// draws itself from the data blob.
/// </summary>
public sealed class UsesOtherData(IRole honest, Occasion.Test? dares = null) : AlteredTask(honest, dares)
{
    private protected override InnerParameters? Alter(InnerParameters parameters) =>
        parameters with { Worker = parameters.Worker == 0 ? 1 : parameters.Worker - 1 };
}
