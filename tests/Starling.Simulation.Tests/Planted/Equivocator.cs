using Starling.Ledger.Applying;
using Starling.Ledger.State;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Simulation.Engine;
using Starling.Simulation.World;

namespace Starling.Simulation.Planted;

/// <summary>A sequencer that shows one follower another valid batch at some height than everybody else.</summary>
internal sealed class Equivocator(IRole sequencer, SimulatedNetwork network) : IRole
{
    private const ulong At = 20;

    private readonly LedgerMachine _ledger = new(FastSignatures.Instance);
    private readonly LedgerState _state = GenesisState.Create(network.Genesis);

    public void Step(Timestamp now, Input input, EffectList effects)
    {
        var said = new EffectList();
        sequencer.Step(now, input, said);
        foreach (var batch in (input as Started)?.Log ?? [])
            _ledger.Apply(_state, batch);
        foreach (var effect in said.Effects)
        {
            if (effect is Broadcast { Message: AnnounceBatch announced })
                Betray(announced, effects);
            effects.Add(effect);
        }
    }

    private void Betray(AnnounceBatch announced, EffectList effects)
    {
        var header = announced.Batch.Header.Header;
        if (header.Height == At)
        {
            var signer = FastSignatures.Signer(network.Sequencer.Key);
            var other = _ledger.Propose(_state, [], header.Time.After(1), header.Beacon).Sign(signer);
            for (var i = 0; i < 20; i++)
                effects.Add(new Send(network.Auditors[0], new AnnounceBatch(other)));
        }

        _ledger.Apply(_state, announced.Batch);
    }
}
