using Starling.Ledger.Records;
using Starling.Ledger.State;

namespace Starling.Ledger.Applying;

/// <summary>Checks every rent account against its leases: rates, and money to the thousandth of a millionth.</summary>
internal static class RentBooks
{
    public static string? Check(LedgerState state, out Credits held)
    {
        held = Credits.Zero;
        var leases = 0;
        foreach (var rent in state.Rents.InOrder())
        {
            var (milli, rate) = ((UInt128)rent.Balance, 0UL);
            foreach (var id in rent.Leases)
            {
                if (state.MachineLeases.Find(id) is not { } lease || lease.Tenant != rent.Id)
                    return $"rent {rent.Id}: names a lease that is not its own";
                milli += lease.EarnedAt(rent.PaidMs);
                rate += lease.PerSecond;
                leases++;
            }

            if (rate != rent.PerSecond)
                return $"rent {rent.Id}: {rent.PerSecond} per second, its leases cost {rate}";
            if (milli % RentRecord.Milli != 0)
                return $"rent {rent.Id}: a part of a millionth is lost";
            held += new Credits(milli / RentRecord.Milli);
        }

        return leases == state.MachineLeases.Count ? null : "a machine lease has no rent account";
    }
}
