using Starling.Ledger.State;
using Starling.Node.Contract;
using Starling.Protocol.Identity;

namespace Starling.Node.Outbox;

/// <summary>
/// Where the rules ask for a minter's word, waits for it instead of asking the ledger again and again; tells people once.
/// </summary>
internal sealed class VouchWatch
{
    private bool _told;

    public bool IsVouched(LedgerState state, NodeId self, int slots, EffectList effects)
    {
        if (!state.NextRules.VouchRequired || state.Stakes.Find(self)?.Vouched >= slots)
            return true;
        if (!_told)
            effects.Tell("vouch.missing", ("node", self.ToString()), ("slots", slots), ("fix", "starling network vouch"));
        _told = true;
        return false;
    }
}
