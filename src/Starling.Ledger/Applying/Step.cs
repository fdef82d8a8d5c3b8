using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Applying;

/// <summary>One batch being applied: the state, its instant, and what it has brought about so far.</summary>
internal sealed class Step(
    LedgerState state, ulong height, Timestamp time, Hash256 beacon, ISignatureScheme signatures, IRefereeProgram? referee)
{
    public LedgerState State { get; } = state;

    public Rules Rules { get; } = state.RuleBook.At(height);

    public ulong Height { get; } = height;

    public Timestamp Time { get; } = time;

    public Hash256 Beacon { get; } = beacon;

    /// <summary>Checks signatures inside bodies.</summary>
    public ISignatureScheme Signatures { get; } = signatures;

    public IRefereeProgram? Referee { get; } = referee;

    public List<LedgerEvent> Events { get; } = [];

    /// <summary>Sender of the transaction in hand.</summary>
    public NodeId Sender { get; set; }

    /// <summary>Weight of the transactions charged so far.</summary>
    public ulong Weight { get; set; }

    /// <summary>Place of the transaction in hand in its batch.</summary>
    public int Index { get; set; }

    public LogPlace Place => new(Height, Index);

    /// <summary>Disputes whose opening the referee has looked at in this batch.</summary>
    public HashSet<DisputeId> Opened { get; } = [];

    /// <summary>The transaction in hand.</summary>
    public TransactionId Transaction { get; set; }

    public void Emit(LedgerEvent happened) => Events.Add(happened);

    /// <summary>Notes that an order that found no offer might find one now.</summary>
    public void MarketChanged()
    {
        if (State.Network.MarketChanged != Height)
            State.SetNetwork(State.Network with { MarketChanged = Height });
    }

    /// <summary>All stake behind a key, its own and others'.</summary>
    public Tokens Backing(NodeId id) => Stake(id).Bonded + (State.Pools.Find(id)?.Tokens ?? Tokens.Zero);

    /// <summary>The stake of a key; one that never bonded has none.</summary>
    public StakeRecord Stake(NodeId id) => State.Stakes.Find(id) ?? new StakeRecord(id);
}
