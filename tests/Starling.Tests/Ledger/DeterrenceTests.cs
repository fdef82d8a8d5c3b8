using System.Numerics;
using CsCheck;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Ledger;

public class DeterrenceTests
{
    private static readonly Timestamp s_now = new(1_800_000_000_000);

    [Fact]
    public void A_liar_expects_to_lose() => Gen.Select(
        Gen.ULong[1, 1_000_000_000_000], Gen.ULong[1, 1_000_000], Gen.Int[1, 8]).Sample((price, ppm, auditors) =>
    {
        // protocol.md, 19 by whole numbers: p (1 - a^m) (R + (1 - k) bond) >= g R.
        var rules = Rules.Local;
        var bond = Deterrence.TaskBond(rules, new Credits(price), ppm, auditors);
        var million = new BigInteger(1_000_000);
        var honest = BigInteger.Pow(million, auditors) - BigInteger.Pow(rules.DishonestPpm, auditors);
        var lost = (million * price) + ((million - rules.ReporterPpm) * (BigInteger)bond.Micro);
        var left = ppm * honest * lost;
        var right = (BigInteger)rules.GainPpm * price * million * BigInteger.Pow(million, auditors);
        Assert.True(left >= right, $"{left} < {right}");
    });

    [Fact]
    public void The_audit_rate_falls_with_audited_fees_to_the_floor_and_rises_with_exposure()
    {
        Assert.Equal(1_000_000UL, Rate(audited: 0, open: 10));
        Assert.Equal(250_000UL, Rate(audited: 10, open: 10));
        Assert.Equal(500_000UL, Rate(audited: 10, open: 20));
        Assert.Equal(50_000UL, Rate(audited: 10_000, open: 10));
        Assert.Equal(1_000_000UL, Rate(audited: 10, open: 1_000));
        Assert.Equal(1_000_000UL, Rate(audited: 10_000, open: 10, Verification.Full));
        Assert.Equal(0UL, Rate(audited: 0, open: 10, Verification.None));
        Assert.Equal(1_000_000UL, Rate(audited: 10_000, open: 10, idleMs: Rules.Local.TrustIdleMs + 1));
    }

    [Fact]
    public void A_lab_needs_no_stake() =>
        Assert.Equal(Tokens.Zero, Deterrence.TaskBond(Rules.Lab, new Credits(1_000_000), 50_000, 2));

    private static ulong Rate(ulong audited, ulong open, Verification verification = Verification.Spot, long idleMs = 0)
    {
        var stake = new StakeRecord(TestNetwork.Owner.Id)
        {
            AuditedFees = new(audited),
            LastAudited = new(s_now.Milliseconds - idleMs),
        };
        return Deterrence.AuditPpm(Rules.Local, stake, new Credits(open), verification, s_now);
    }
}
