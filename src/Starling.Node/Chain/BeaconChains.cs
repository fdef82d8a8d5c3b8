using Starling.Ledger.Records;
using Starling.Protocol.Hashing;

namespace Starling.Node.Chain;

/// <summary>
/// The producer's chains of beacons, one after the other: the first is that of genesis, each later one is named by the
/// height at which it begins. Keeps the one in use and the one after it.
/// </summary>
/// <param name="first">Its tip is in genesis. Made when it is needed: a sequencer that starts has other things to do first.</param>
/// <param name="later">Makes the chain whose tip stands for a height; the same height gives the same chain.</param>
public sealed class BeaconChains(Lazy<HashChain> first, Func<ulong, HashChain> later)
{
    private (ulong From, HashChain Chain)? _current;
    private (ulong From, HashChain Chain)? _next;

    public BeaconChains(HashChain first, Func<ulong, HashChain> later)
        : this(new Lazy<HashChain>(first), later)
    {
    }

    /// <summary>What genesis holds.</summary>
    public Hash256 Tip => first.Value.Tip;

    /// <summary>The beacon of the batch after the last.</summary>
    public Hash256 Next(NetworkRecord network)
    {
        var height = network.Height + 1;
        var from = height == network.NextBeaconAt ? height - 1 : network.BeaconFrom;
        return At(from)[height - from];
    }

    /// <summary>
    /// The tip and the first height of the chain to announce; null while more than a quarter of the one in use is left,
    /// or where the next is announced.
    /// </summary>
    public (Hash256 Tip, ulong Height)? Due(NetworkRecord network)
    {
        if (network.NextBeacon is not null)
            return null;
        var length = (ulong)At(network.BeaconFrom).Length;
        var end = network.BeaconFrom + length;
        return network.Height + (length / 4) < end ? null : (At(end).Tip, end + 1);
    }

    private HashChain At(ulong from)
    {
        var current = _current ??= (0, first.Value);
        if (current.From == from)
            return current.Chain;
        if (_next is { } next && next.From == from)
        {
            // Asked for before it is in use, so both are kept; the older one goes when a third is asked for.
            return next.Chain;
        }

        if (_next is { } used)
            _current = used;
        _next = (from, later(from));
        return _next.Value.Chain;
    }
}
