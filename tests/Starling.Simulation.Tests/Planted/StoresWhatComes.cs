using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;

namespace Starling.Simulation.Planted;

/// <summary>A follower that does not look whether a batch is the next one.</summary>
internal sealed class StoresWhatComes(IRole role) : IRole
{
    public void Step(Timestamp now, Input input, EffectList effects)
    {
        role.Step(now, input, effects);
        if (input is MessageReceived { Message: AnnounceBatch announced } && !effects.Effects.OfType<StoreBatch>().Any())
            effects.Add(new StoreBatch(announced.Batch));
    }
}
