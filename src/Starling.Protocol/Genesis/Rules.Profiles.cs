namespace Starling.Protocol.Genesis;

public sealed partial record Rules
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Day = 24 * 60 * Minute;
    private const ulong Unit = 1_000_000;

    /// <summary>One machine, one person: everything real, in seconds.</summary>
    public static Rules Local { get; } = new()
    {
        Fee = 0,
        MaxSupply = 1_000_000_000 * Unit,
        StakeRequired = true,
        TokenValue = Unit,
        SlotBond = Unit,
        AuditorBond = Unit,
        ChallengeBond = Unit,
        AuditLoss = Unit / 10,
        UnbondingMs = Minute,
        JailMs = 5 * Minute,
        TombstoneAfter = 3,
        ExclusionMs = 5 * Second,
        TrustIdleMs = 30 * Day,
        TaskBaseMs = 20 * Second,
        SlowRate = 1_000_000_000,
        TasksPerLease = 2,
        RevealMs = 10 * Second,
        ReissueMs = 10 * Second,
        EpochMs = Second,
        VerdictBaseMs = 30 * Second,
        VerdictRevealMs = 10 * Second,
        Redraws = 3,
        ChallengeMs = Second,
        TurnBaseMs = 20 * Second,
        AuditFloorPpm = 50_000,
        AuditSlopePpm = 250_000,
        SpotSurchargePpm = 100_000,
        FullSurchargePpm = 1_000_000,
        GainPpm = 1_000_000,
        DishonestPpm = 333_333,
        ReporterPpm = 400_000,
        VictimPpm = 100_000,
        MinBondPpm = 1_000_000,
        CascadePpm = 2_500_000,
        NoShowPpm = 10_000,
        RetractPpm = 100_000,
    };

    /// <summary>One owner's machines: the operator's word stands in for stake.</summary>
    public static Rules Lab { get; } = Local with
    {
        StakeRequired = false,
        SlotBond = 0,
        AuditorBond = 0,
        ChallengeBond = 0,
        AuditLoss = 0,
        EpochMs = 5 * Second,
        ChallengeMs = 5 * Second,
        TaskBaseMs = Minute,
        VerdictBaseMs = Minute,
        TurnBaseMs = Minute,
    };

    /// <summary>Strangers over the internet.</summary>
    public static Rules Public { get; } = Local with
    {
        Fee = 100,
        SlotBond = 50 * Unit,
        AuditorBond = 1_000 * Unit,
        ChallengeBond = 10 * Unit,
        AuditLoss = 2 * Unit,
        UnbondingMs = 21 * Day,
        JailMs = 7 * Day,
        ExclusionMs = 10 * Minute,
        TaskBaseMs = 2 * Minute,
        SlowRate = 200_000_000,
        RevealMs = 2 * Minute,
        ReissueMs = 2 * Minute,
        EpochMs = Minute,
        VerdictBaseMs = 10 * Minute,
        VerdictRevealMs = 2 * Minute,
        ChallengeMs = 10 * Minute,
        TurnBaseMs = 5 * Minute,
        AuditFloorPpm = 20_000,
    };
}
