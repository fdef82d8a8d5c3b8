using Starling.Host.Ports;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Api;

/// <summary>
/// Lets readers follow what batches bring about. Nothing is stored for it: events are part of what replay derives, so each
/// reader has a replay of its own, from the last snapshot before what it wants, and there are few readers at a time.
/// </summary>
public sealed class EventDesk(GenesisRecord genesis, INodeStore store, IBlobStore blobs, IRefereeProgram? referee)
{
    /// <summary>How many may read at once; each holds a ledger state in memory.</summary>
    public const int MaxReaders = 4;

    private int _readers;

    /// <summary>A place to read from, to be disposed of; null when <see cref="MaxReaders"/> read already.</summary>
    internal EventReader? Open(EventId after)
    {
        if (Interlocked.Increment(ref _readers) <= MaxReaders)
            return new EventReader(
                LedgerReplay.Start(genesis, store, blobs, referee, Ed25519.Instance, LastBefore(after)), store.Log, Close);
        Close();
        return null;
    }

    /// <summary>The last height whose state may be taken as it is: no event after the one given came to be before it.</summary>
    internal static ulong LastBefore(EventId after) => after.Height == 0 ? 0 : after.Height - 1;

    private void Close() => Interlocked.Decrement(ref _readers);
}
