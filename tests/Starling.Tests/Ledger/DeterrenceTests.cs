using System.Numerics;
using CsCheck;
using Starling.Ledger.Audits;
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
        Gen.ULong[1, 1_000_000_000_000], Gen.ULong[1, 1_000_000]).Sample((price, ppm) =>
    {
        // protocol.md, 19 by whole numbers: P (R + (1 - k) bond) >= g R.
        var rules = Rules.Local;
        var bond = Deterrence.TaskBond(rules, new Credits(price), ppm);
        var million = new BigInteger(1_000_000);
        var lost = (million * price) + ((million - rules.ReporterPpm) * (BigInteger)bond.Micro);
        Assert.True(ppm * lost >= (BigInteger)rules.GainPpm * price * million, $"{lost}");
    });

    [Fact]
    public void Somebody_is_drawn_at_the_rate_and_an_honest_one_as_often_as_bonds_assume() => Gen.Select(
        Gen.ULong[1, 1_000_000], Gen.Select(Gen.ULong[1, 1_000_000_000], Gen.Bool).Array[1, 40]).Sample((ppm, keys) =>
    {
        EpochAuditor[] auditors = [.. keys.Select(k => new EpochAuditor(TestNetwork.Owner.Id, AuditorProgress.Owing, null, k.Item1))];
        var (nobody, noHonest, replays, honest) = (1.0, 1.0, 0.0, 0.0);
        foreach (var (weight, isHonest) in keys)
        {
            var drawn = Draws.Weighted(ppm, weight, auditors) / 1e6;
            (nobody, replays) = (nobody * (1 - drawn), replays + drawn);
            if (isHonest)
                (noHonest, honest) = (noHonest * (1 - drawn), honest + weight);
        }

        var p = ppm / 1e6;
        Assert.True(1 - nobody >= p - 1e-9, $"{1 - nobody} < {p}");
        Assert.True(replays <= Math.Min(p / (1 - p), keys.Length) + (keys.Length * 1e-6), $"{replays} replays");
        var rules = Rules.Local with { DishonestPpm = (ulong)Math.Ceiling(1e6 * (1 - (honest / keys.Sum(k => (double)k.Item1)))) };
        // With no honest auditor at all the formula assumes a millionth of one.
        if (honest > 0)
            Assert.True(1 - noHonest >= (Deterrence.CaughtPpm(rules, ppm) / 1e6) - 2e-6, $"{1 - noHonest}");
    });

    [Fact]
    public void Bonds_of_the_floor_and_of_certainty()
    {
        // A third of all weight dishonest: 2 % of tasks drawn find 1.34 % of lies, and 74.5 prices must be at stake.
        Assert.Equal(13_422UL, Deterrence.CaughtPpm(Rules.Public, 20_000));
        Assert.Equal(1_000_000UL, Deterrence.CaughtPpm(Rules.Public, 1_000_000));
        Assert.Equal(0UL, Deterrence.CaughtPpm(Rules.Public, 0));
        Assert.InRange(Deterrence.TaskBond(Rules.Public, new Credits(1_000_000), 13_422).Micro, (UInt128)122_000_000, (UInt128)123_000_000);
        Assert.Equal(888_889UL, Deterrence.DiffersPpm(Rules.Public, 2));
    }

    [Fact]
    public void The_audit_rate_falls_with_audited_fees_to_the_floor_and_rises_with_exposure()
    {
        Assert.Equal(1_000_000UL, Rate(audited: 0, open: 10));
        Assert.Equal(250_000UL, Rate(audited: 10, open: 10));
        Assert.Equal(500_000UL, Rate(audited: 10, open: 20));
        Assert.Equal(20_000UL, Rate(audited: 10_000, open: 10));
        Assert.Equal(1_000_000UL, Rate(audited: 10, open: 1_000));
        Assert.Equal(1_000_000UL, Rate(audited: 10_000, open: 10, Verification.Full));
        Assert.Equal(0UL, Rate(audited: 0, open: 10, Verification.None));
        Assert.Equal(1_000_000UL, Rate(audited: 10_000, open: 10, idleMs: Rules.Local.TrustIdleMs + 1));
    }

    [Fact]
    public void A_lab_needs_no_stake() =>
        Assert.Equal(Tokens.Zero, Deterrence.TaskBond(Rules.Lab, new Credits(1_000_000), 50_000));

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
