using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>What a batch must be before its transactions are looked at.</summary>
internal static class BatchRules
{
    /// <summary>The end of the year 9999: no sum of a legal time and a rule overflows.</summary>
    internal const long LastTime = 253_402_300_799_999;

    public static BatchRefusal Check(LedgerState state, Batch batch, ISignatureScheme signatures, Timestamp? latest)
    {
        var header = batch.Header.Header;
        if (header.Chain != state.Chain)
            return BatchRefusal.WrongChain;
        if (header.Height != state.Height + 1)
            return BatchRefusal.WrongHeight;
        if (header.Previous != state.LastHeader)
            return BatchRefusal.WrongPrevious;
        if (header.Producer != state.Genesis.Producer)
            return BatchRefusal.WrongProducer;
        if (!batch.Header.Verify(signatures))
            return BatchRefusal.BadHeaderSignature;
        if (header.Time < state.Time)
            return BatchRefusal.TimeWentBack;
        if (latest < header.Time || header.Time.Milliseconds > LastTime)
            return BatchRefusal.TimeAhead;
        if (!Beacons.Follows(state.Network, header))
            return BatchRefusal.WrongBeacon;
        if (header.History != state.History.Root)
            return BatchRefusal.WrongHistory;
        if (batch.Transactions.Length > Limits.BatchTransactions)
            return BatchRefusal.TooManyTransactions;
        return Batch.RootOf(batch.Transactions) == header.Transactions
            ? BatchRefusal.None
            : BatchRefusal.WrongTransactions;
    }
}
