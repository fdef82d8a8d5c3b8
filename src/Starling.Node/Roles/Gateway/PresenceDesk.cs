using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Node.Roles.Gateway;

/// <summary>
/// Which providers are within reach, as far as the transport says. One that is gone for a moment keeps its lease: a
/// restart or a broken line is over within a second or two. Where the transport says nothing, nobody is ever gone.
/// </summary>
internal sealed class PresenceDesk
{
    public const string Timer = "presence";

    /// <summary>A peer that left may take so long to come back.</summary>
    private const int GraceMs = 1_000;

    /// <summary>After this node's own start, every peer has so long to come.</summary>
    private const int FirstMs = 5_000;

    private readonly Dictionary<NodeId, Timestamp?> _goneAt = [];
    private Timestamp? _firstNews;

    public void Observe(Timestamp now, PeerPresence news, EffectList effects)
    {
        if (_firstNews is null)
        {
            _firstNews = now;
            effects.Add(new SetTimer(Timer, now.After(FirstMs)));
        }

        _goneAt[news.Peer] = news.Present ? null : now;
        if (!news.Present)
            Wake(now, effects);
    }

    /// <summary>The timer came due: is there more to wait for?</summary>
    public void Wake(Timestamp now, EffectList effects)
    {
        Timestamp? next = _firstNews?.After(FirstMs) is { } first && first > now ? first : null;
        foreach (var gone in _goneAt.Values)
            if (gone?.After(GraceMs) is { } at && at > now && (next is null || at < next))
                next = at;
        effects.Add(new SetTimer(Timer, next));
    }

    /// <summary>True when the peer cannot be reached now; it may be back in a moment.</summary>
    public bool IsAway(NodeId peer) => _goneAt.TryGetValue(peer, out var gone) && gone is not null;

    /// <summary>True when the peer has been away for too long to wait for it.</summary>
    public bool IsGone(Timestamp now, NodeId peer)
    {
        if (_firstNews is not { } first)
            return false;
        return _goneAt.TryGetValue(peer, out var gone) ? gone?.After(GraceMs) <= now : first.After(FirstMs) <= now;
    }
}
