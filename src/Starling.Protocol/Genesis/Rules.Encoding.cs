using Starling.Protocol.Encoding;

namespace Starling.Protocol.Genesis;

public sealed partial record Rules
{
    /// <summary>Bounds that keep every product of a rule and an amount within 128 bits.</summary>
    private const ulong Largest = 1_000_000_000_000_000;

    private const ulong Whole = 1_000_000;

    /// <summary>Providers that a build's faults are counted over, at most.</summary>
    public const int MaxFaults = 64;

    private const int ReporterField = 31;

    private const long LongestMs = 10 * 366 * Day;

    public static Rules Read(FieldReader f)
    {
        var rules = ReadFields(f);
        return rules.Problem() is { } problem ? throw f.Fail(ReporterField, problem) : rules;
    }

    /// <summary>What keeps these rules from being those of a network; null when nothing does.</summary>
    public string? Problem() =>
        ReporterPpm + VictimPpm > 1_000_000 ? "the reporter's and the victim's share are more than the whole" : null;

    private static Rules ReadFields(FieldReader f) => new()
    {
        Fee = f.Unsigned(1, Largest),
        MaxSupply = f.Unsigned(2, Largest),
        StakeRequired = f.Boolean(3),
        TokenValue = f.Unsigned(4, Largest),
        SlotBond = f.Unsigned(5, Largest),
        AuditorBond = f.Unsigned(6, Largest),
        ChallengeBond = f.Unsigned(7, Largest),
        AuditLoss = f.Unsigned(8, Largest),
        UnbondingMs = f.Integer(9, 0, LongestMs),
        JailMs = f.Integer(10, 0, LongestMs),
        TombstoneAfter = f.Int32(11, 0, 1_000),
        ExclusionMs = f.Integer(12, 0, LongestMs),
        TrustIdleMs = f.Integer(13, 0, LongestMs),
        TaskBaseMs = f.Integer(14, 0, LongestMs),
        SlowRate = f.Unsigned(15, Largest),
        TasksPerLease = f.Int32(16, 0, 1_000),
        RevealMs = f.Integer(17, 0, LongestMs),
        ReissueMs = f.Integer(18, 0, LongestMs),
        EpochMs = f.Integer(19, 0, LongestMs),
        VerdictBaseMs = f.Integer(20, 0, LongestMs),
        VerdictRevealMs = f.Integer(21, 0, LongestMs),
        Redraws = f.Int32(22, 0, 1_000),
        ChallengeMs = f.Integer(23, 0, LongestMs),
        TurnBaseMs = f.Integer(24, 0, LongestMs),
        AuditFloorPpm = f.Unsigned(25, Largest),
        AuditSlopePpm = f.Unsigned(26, Largest),
        SpotSurchargePpm = f.Unsigned(27, Largest),
        FullSurchargePpm = f.Unsigned(28, Largest),
        GainPpm = f.Unsigned(29, Largest),
        DishonestPpm = f.Unsigned(30, Largest),
        ReporterPpm = f.Unsigned(31, Largest),
        VictimPpm = f.Unsigned(32, Largest),
        MinBondPpm = f.Unsigned(33, Largest),
        CascadePpm = f.Unsigned(34, Largest),
        NoShowPpm = f.Unsigned(35, Largest),
        RetractPpm = f.Unsigned(36, Largest),
        FeeCeiling = f.Unsigned(37, Largest),
        TargetWeight = f.Unsigned(38, Largest),
        LongestValidMs = f.Integer(39, 0, LongestMs),
        MinBalance = f.Unsigned(40, Largest),
        CommissionRisePpm = f.Unsigned(41, Largest),
        PoolSlashPpm = f.Unsigned(42, Whole),
        PoolLimitPpm = f.Unsigned(43, Largest),
        AuditorCap = f.Unsigned(44, Largest),
        EarnInPay = f.Unsigned(45, Largest),
        EarnInPpm = f.Unsigned(46, Whole),
        EarnInVault = f.Unsigned(47, Largest),
        UnreliablePpm = f.Unsigned(48, Largest),
        MovePrice = f.Unsigned(49, Largest),
        HeartbeatMs = f.Integer(50, 0, LongestMs),
        NoticeMs = f.Integer(51, 0, LongestMs),
        LeaseBondMs = f.Integer(52, 0, LongestMs),
        BidBond = f.Unsigned(53, Largest),
        BidBondPpm = f.Unsigned(54, Largest),
        AuctionDeposit = f.Unsigned(55, Largest),
        ChannelCloseMs = f.Integer(56, 0, LongestMs),
        LowWaterPpm = f.Unsigned(57, Whole),
        LowWaterMs = f.Integer(58, 0, LongestMs),
        RuleNotice = f.Unsigned(59, Largest),
        BeaconNotice = f.Unsigned(60, Largest),
        RetainMs = f.Integer(61, 0, LongestMs),
        FairShare = f.Boolean(62),
        ShareHalfLifeMs = f.Integer(63, 0, LongestMs),
        VouchRequired = f.Boolean(64),
        ChunkPrice = f.Unsigned(65, Largest),
        ChunkMs = f.Integer(66, 0, LongestMs),
        PlantJackpot = f.Unsigned(67, Largest),
        MostPlants = f.Unsigned(68, Largest),
        PlantMs = f.Integer(69, 0, LongestMs),
        FaultsToPause = f.Int32(70, 0, MaxFaults),
        FaultWindowMs = f.Integer(71, 0, LongestMs),
        PauseMs = f.Integer(72, 0, LongestMs),
        SteeringAuditors = f.Int32(73, 0, 256),
    };

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Fee);
        f.Unsigned(2, MaxSupply);
        f.Boolean(3, StakeRequired);
        f.Unsigned(4, TokenValue);
        f.Unsigned(5, SlotBond);
        f.Unsigned(6, AuditorBond);
        f.Unsigned(7, ChallengeBond);
        f.Unsigned(8, AuditLoss);
        f.Integer(9, UnbondingMs);
        f.Integer(10, JailMs);
        f.Integer(11, TombstoneAfter);
        f.Integer(12, ExclusionMs);
        f.Integer(13, TrustIdleMs);
        f.Integer(14, TaskBaseMs);
        f.Unsigned(15, SlowRate);
        f.Integer(16, TasksPerLease);
        f.Integer(17, RevealMs);
        f.Integer(18, ReissueMs);
        f.Integer(19, EpochMs);
        f.Integer(20, VerdictBaseMs);
        f.Integer(21, VerdictRevealMs);
        f.Integer(22, Redraws);
        f.Integer(23, ChallengeMs);
        f.Integer(24, TurnBaseMs);
        f.Unsigned(25, AuditFloorPpm);
        f.Unsigned(26, AuditSlopePpm);
        f.Unsigned(27, SpotSurchargePpm);
        f.Unsigned(28, FullSurchargePpm);
        f.Unsigned(29, GainPpm);
        f.Unsigned(30, DishonestPpm);
        f.Unsigned(31, ReporterPpm);
        f.Unsigned(32, VictimPpm);
        f.Unsigned(33, MinBondPpm);
        f.Unsigned(34, CascadePpm);
        f.Unsigned(35, NoShowPpm);
        f.Unsigned(36, RetractPpm);
        f.Unsigned(37, FeeCeiling);
        f.Unsigned(38, TargetWeight);
        f.Integer(39, LongestValidMs);
        f.Unsigned(40, MinBalance);
        f.Unsigned(41, CommissionRisePpm);
        f.Unsigned(42, PoolSlashPpm);
        f.Unsigned(43, PoolLimitPpm);
        f.Unsigned(44, AuditorCap);
        f.Unsigned(45, EarnInPay);
        f.Unsigned(46, EarnInPpm);
        f.Unsigned(47, EarnInVault);
        f.Unsigned(48, UnreliablePpm);
        f.Unsigned(49, MovePrice);
        f.Integer(50, HeartbeatMs);
        f.Integer(51, NoticeMs);
        f.Integer(52, LeaseBondMs);
        f.Unsigned(53, BidBond);
        f.Unsigned(54, BidBondPpm);
        f.Unsigned(55, AuctionDeposit);
        f.Integer(56, ChannelCloseMs);
        f.Unsigned(57, LowWaterPpm);
        f.Integer(58, LowWaterMs);
        f.Unsigned(59, RuleNotice);
        f.Unsigned(60, BeaconNotice);
        f.Integer(61, RetainMs);
        f.Boolean(62, FairShare);
        f.Integer(63, ShareHalfLifeMs);
        f.Boolean(64, VouchRequired);
        f.Unsigned(65, ChunkPrice);
        f.Integer(66, ChunkMs);
        f.Unsigned(67, PlantJackpot);
        f.Unsigned(68, MostPlants);
        f.Integer(69, PlantMs);
        f.Integer(70, FaultsToPause);
        f.Integer(71, FaultWindowMs);
        f.Integer(72, PauseMs);
        f.Integer(73, SteeringAuditors);
    }
}
