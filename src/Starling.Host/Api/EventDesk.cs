using Starling.Host.Ports;
using Starling.Ledger.Disputes;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Api;

/// <summary>
/// Lets readers follow what batches bring about. Nothing is stored for it: events are part of what replay derives, so each
/// reader has a replay of its own, and there are few readers at a time.
/// </summary>
public sealed class EventDesk(GenesisRecord genesis, IOrderedLog log, IRefereeProgram? referee)
{
    /// <summary>How many may read at once; each holds a ledger state in memory.</summary>
    public const int MaxReaders = 4;

    private int _readers;

    /// <summary>A place to read from, to be disposed of; null when <see cref="MaxReaders"/> read already.</summary>
    internal EventReader? Open()
    {
        if (Interlocked.Increment(ref _readers) <= MaxReaders)
            return new EventReader(new LedgerReplay(genesis, log, referee, Ed25519.Instance), log, Close);
        Close();
        return null;
    }

    private void Close() => Interlocked.Decrement(ref _readers);
}
