using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Protocol;

namespace Starling.Simulation;

/// <summary>A role that hears and says nothing more once the ledger shows something: a laptop that is closed.</summary>
/// <param name="honest">The role.</param>
/// <param name="when">What it is closed after.</param>
internal sealed class FallsAsleep(ChainRole honest, Predicate<LedgerState> when) : IRole
{
    private bool _asleep;

    public void Step(Timestamp now, Input input, EffectList effects)
    {
        if (_asleep)
            return;
        honest.Step(now, input, effects);
        _asleep = when(honest.State);
    }
}
