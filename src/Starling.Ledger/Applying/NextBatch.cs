using Starling.Ledger.Market;
using Starling.Ledger.State;
using Starling.Protocol;

namespace Starling.Ledger.Applying;

/// <summary>When the sequencer must make a batch although no transaction waits, so that an idle network makes none.</summary>
public static class NextBatch
{
    /// <summary>
    /// The earliest time at which an empty batch would change something; null when only a transaction could. A time
    /// that is not after <c>state.Time</c> means at once.
    /// </summary>
    public static Timestamp? WantedAt(LedgerState state)
    {
        if (BeaconWanted(state) || Matching.Pending(state))
            return state.Time;
        return state.Index.Wakes.Count > 0 ? state.Index.Wakes.Min.At : null;
    }

    /// <summary>True when a batch at this time would change something.</summary>
    public static bool IsWanted(LedgerState state, Timestamp now) => WantedAt(state) is { } at && at <= now;

    private static bool BeaconWanted(LedgerState state)
    {
        foreach (var number in state.Index.Epochs)
        {
            var epoch = state.Epochs.Get(number);
            if (epoch.Beacons < epoch.Draws)
                return true;
        }

        return false;
    }
}
