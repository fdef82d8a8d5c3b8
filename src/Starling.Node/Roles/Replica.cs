using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Protocol;

namespace Starling.Node.Roles;

/// <summary>Replays the log and serves it to others.</summary>
public sealed class Replica(NodeSettings node) : ChainRole(node)
{
    public override bool StartsFromSnapshot => true;

    private protected override void Act(Timestamp now, EffectList effects)
    {
    }
}
