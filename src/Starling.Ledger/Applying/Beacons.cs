using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Protocol.Batches;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>
/// Each header shows the next link of a chain that its producer fixed before (protocol.md, 5). Before a chain ends the
/// producer fixes the next, and at which height it begins: early enough that no draw it decides has anything to it yet.
/// </summary>
internal static class Beacons
{
    public static FailureCode Renew(Step step, RenewBeacon body)
    {
        if (step.Sender != step.State.Genesis.Producer)
            return FailureCode.NotAllowed;
        var notice = Math.Max(step.Rules.BeaconNotice, Draws.BeaconDelay + 1);
        if (body.Height <= step.Height || body.Height - step.Height < notice)
            return FailureCode.NoticeShort;
        var network = step.State.Network;
        if (network.NextBeacon is not null)
            return FailureCode.AlreadyAnnounced;
        step.State.SetNetwork(network with { NextBeacon = body.Tip, NextBeaconAt = body.Height });
        return FailureCode.None;
    }

    /// <summary>True when this is the link that the header of the next batch must show.</summary>
    public static bool Follows(NetworkRecord network, BatchHeader header)
    {
        var last = header.Height == network.NextBeaconAt ? network.NextBeacon : network.Beacon;
        return Derived.ChainLink(header.Beacon) == last;
    }

    public static NetworkRecord Show(NetworkRecord network, ulong height, Hash256 beacon) =>
        height != network.NextBeaconAt
            ? network with { Beacon = beacon }
            : network with { Beacon = beacon, BeaconFrom = height - 1, NextBeacon = null, NextBeaconAt = 0 };
}
