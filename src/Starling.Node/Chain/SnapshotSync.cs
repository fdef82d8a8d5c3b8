using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Chain;

/// <summary>
/// Brings a node that has no log yet to a recent state: asks whoever is there for a snapshot, fetches it and believes none
/// of it that the producer's headers do not hold. Where nobody has one, the log is replayed from genesis.
/// </summary>
internal sealed class SnapshotSync(NodeSettings settings, BlobDesk blobs)
{
    private readonly HashSet<Hash256> _refused = [];
    private (SnapshotOffer Offer, NodeId From)? _chosen;
    private Timestamp _until;

    /// <summary>True once there is a state to go on from, or nobody to give one.</summary>
    public bool Ended { get; private set; }

    public void Start(Timestamp now, EffectList effects)
    {
        _until = now.After(settings.PollMs);
        effects.Add(new Send(settings.Sequencer, new RequestSnapshot()));
    }

    public void Presence(Timestamp now, PeerPresence peer, EffectList effects)
    {
        if (peer.Present)
            effects.Add(new Send(peer.Peer, new RequestSnapshot()));
        else if (_chosen?.From == peer.Peer)
            AskAgain(now, effects);
    }

    public void Offered(NodeId from, SnapshotOffer offer, EffectList effects)
    {
        if (_chosen is not null || _refused.Contains(offer.Content))
            return;
        if (offer.Problem(settings.Genesis, settings.Scheme) is { } problem)
            Refuse(from, offer, problem, effects);
        else
            _chosen = (offer, from);
    }

    /// <summary>The state to start from, and what vouches for it, once it is here.</summary>
    public (LedgerState State, SnapshotOffer Offer)? Act(Timestamp now, EffectList effects)
    {
        if (_chosen is not var (offer, from))
        {
            Ended = _until <= now;
            return null;
        }

        if (blobs.Bytes(now, offer.Content, () => [from], effects) is not { } bytes)
            return null;
        blobs.Release(offer.Content);
        try
        {
            var state = offer.Open(bytes, settings.Genesis);
            Ended = true;
            return (state, offer);
        }
        catch (DecodeException e)
        {
            Refuse(from, offer, e.Message, effects);
            AskAgain(now, effects);
            return null;
        }
    }

    private void AskAgain(Timestamp now, EffectList effects)
    {
        (_chosen, _until) = (null, now.After(settings.PollMs));
        effects.Add(new Broadcast(new RequestSnapshot()));
    }

    private void Refuse(NodeId from, SnapshotOffer offer, string problem, EffectList effects)
    {
        _refused.Add(offer.Content);
        effects.Add(new Penalise(from, $"a snapshot that is not the log's: {problem}"));
        effects.Tell("snapshot.refused", ("height", offer.Height), ("peer", from), ("reason", problem));
    }
}
