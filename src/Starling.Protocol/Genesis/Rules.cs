using Starling.Protocol.Encoding;

namespace Starling.Protocol.Genesis;

/// <summary>
/// Every constant of the ledger, as data of the network. Times are milliseconds, rates parts per million, token and
/// credit amounts millionths.
/// </summary>
public sealed partial record Rules : IRecord<Rules>
{
    public static RecordType Type => RecordType.Rules;

    /// <summary>Micro-credits that a transaction costs per unit of its weight, at least; burned.</summary>
    public required ulong Fee { get; init; }

    /// <summary>The price per unit of weight never rises above this.</summary>
    public required ulong FeeCeiling { get; init; }

    /// <summary>Weight of a batch above which the price rises, and below which it falls, by at most an eighth.</summary>
    public required ulong TargetWeight { get; init; }

    /// <summary>No transaction is valid for longer than this from its batch.</summary>
    public required long LongestValidMs { get; init; }

    /// <summary>A transfer leaves no account with less of its asset than this, unless with none.</summary>
    public required ulong MinBalance { get; init; }

    /// <summary>Neither asset may ever exceed this supply.</summary>
    public required ulong MaxSupply { get; init; }

    /// <summary>False in a lab: bonds, penalties and exposure limits are zero.</summary>
    public required bool StakeRequired { get; init; }

    /// <summary>Micro-credits that one token counts for when prices are turned into bonds.</summary>
    public required ulong TokenValue { get; init; }

    /// <summary>Micro-tokens that must be bonded for each slot on offer.</summary>
    public required ulong SlotBond { get; init; }

    /// <summary>Micro-tokens locked while a key audits.</summary>
    public required ulong AuditorBond { get; init; }

    /// <summary>Micro-tokens locked by a challenge, at least.</summary>
    public required ulong ChallengeBond { get; init; }

    /// <summary>Micro-tokens an auditor loses for each result it owed a verdict on.</summary>
    public required ulong AuditLoss { get; init; }

    public required long UnbondingMs { get; init; }

    /// <summary>Length of a conviction's first jail term; doubles with each.</summary>
    public required long JailMs { get; init; }

    /// <summary>Convictions after which a key is out for good.</summary>
    public required int TombstoneAfter { get; init; }

    /// <summary>How long a provider that did not show up gets no new lease; doubles with each time in a row.</summary>
    public required long ExclusionMs { get; init; }

    /// <summary>Trust earned by audits is void after this time without one.</summary>
    public required long TrustIdleMs { get; init; }

    /// <summary>A task's deadline: this long plus its work at <see cref="SlowRate"/>.</summary>
    public required long TaskBaseMs { get; init; }

    /// <summary>
    /// Work units (thousands of multiply-accumulates) per second of the slowest machine that deadlines allow for.
    /// </summary>
    public required ulong SlowRate { get; init; }

    /// <summary>Tasks a lease may have waiting or running at once.</summary>
    public required int TasksPerLease { get; init; }

    /// <summary>Time from a result's commitment to its reveal.</summary>
    public required long RevealMs { get; init; }

    /// <summary>How long the coordinator alone may reissue a lost task.</summary>
    public required long ReissueMs { get; init; }

    /// <summary>Length of an audit epoch from its first commitment.</summary>
    public required long EpochMs { get; init; }

    /// <summary>Time for verdicts: this long plus the epoch's work at <see cref="SlowRate"/>.</summary>
    public required long VerdictBaseMs { get; init; }

    public required long VerdictRevealMs { get; init; }

    /// <summary>Epochs in which a result may be drawn again because an auditor did not reveal.</summary>
    public required int Redraws { get; init; }

    /// <summary>Time between the last verdict on a result and its finality.</summary>
    public required long ChallengeMs { get; init; }

    /// <summary>Time for one move of a dispute: this long plus the interval's work at <see cref="SlowRate"/>, three times.</summary>
    public required long TurnBaseMs { get; init; }

    /// <summary>No audit rate is below this, except where a job wants none.</summary>
    public required ulong AuditFloorPpm { get; init; }

    /// <summary>The constant c of protocol.md, 7: rate = c x open exposure / audited fees.</summary>
    public required ulong AuditSlopePpm { get; init; }

    /// <summary>What a drawn audit adds to a task's price.</summary>
    public required ulong SpotSurchargePpm { get; init; }

    /// <summary>What a certain audit adds to a task's price.</summary>
    public required ulong FullSurchargePpm { get; init; }

    /// <summary>protocol.md, 19: the gain g of cheating and its outside benefit b together, by price.</summary>
    public required ulong GainPpm { get; init; }

    /// <summary>protocol.md, 19: the share of auditors assumed dishonest.</summary>
    public required ulong DishonestPpm { get; init; }

    /// <summary>protocol.md, 19: the reporter's share of a conviction.</summary>
    public required ulong ReporterPpm { get; init; }

    /// <summary>The victim's share of a conviction, at most a tenth; the rest is burned.</summary>
    public required ulong VictimPpm { get; init; }

    /// <summary>A task bond is never below this multiple of the price.</summary>
    public required ulong MinBondPpm { get; init; }

    /// <summary>protocol.md, 20: what a producer locks of the price of a task that builds on its unfinal result.</summary>
    public required ulong CascadePpm { get; init; }

    /// <summary>What a worker that did not show up loses of the task's bond.</summary>
    public required ulong NoShowPpm { get; init; }

    /// <summary>What taking a result back costs, by price.</summary>
    public required ulong RetractPpm { get; init; }

    /// <summary>A pool's commission rises by at most this much a day.</summary>
    public required ulong CommissionRisePpm { get; init; }

    /// <summary>What a conviction takes of the stake that others delegated to the convicted.</summary>
    public required ulong PoolSlashPpm { get; init; }

    /// <summary>Stake delegated to a key is at most this multiple of its own.</summary>
    public required ulong PoolLimitPpm { get; init; }

    /// <summary>Micro-tokens above which stake adds nothing to an auditor's share of the audits.</summary>
    public required ulong AuditorCap { get; init; }

    /// <summary>protocol.md, 21: the most that one task pays a provider without stake; 0 for no earn-in.</summary>
    public required ulong EarnInPay { get; init; }

    /// <summary>The part of such pay that becomes its stake.</summary>
    public required ulong EarnInPpm { get; init; }

    /// <summary>Micro-tokens that genesis sets aside to be bought by such pay at <see cref="TokenValue"/>.</summary>
    public required ulong EarnInVault { get; init; }

    /// <summary>What each deadline missed in a row adds to a provider's price when offers are ranked.</summary>
    public required ulong UnreliablePpm { get; init; }

    /// <summary>Micro-credits per GiB to be moved between regions, added to the price when offers are ranked.</summary>
    public required ulong MovePrice { get; init; }

    /// <summary>A machine lease is paid up to this long past its last heartbeat, and then ends.</summary>
    public required long HeartbeatMs { get; init; }

    /// <summary>How long before the end a provider must say that it takes its machine back.</summary>
    public required long NoticeMs { get; init; }

    /// <summary>Rent of this time is the stake behind a machine lease: what an early end costs its provider.</summary>
    public required long LeaseBondMs { get; init; }

    /// <summary>Micro-credits locked by a sealed bid, at least.</summary>
    public required ulong BidBond { get; init; }

    /// <summary>What a sealed bid locks of the most that the auction may pay.</summary>
    public required ulong BidBondPpm { get; init; }

    /// <summary>Micro-credits that whoever opens an auction loses to its bidders by choosing none of them.</summary>
    public required ulong AuctionDeposit { get; init; }

    /// <summary>How long a payee has to redeem after the payer began to close their channel.</summary>
    public required long ChannelCloseMs { get; init; }

    /// <summary>A job's escrow is low below this part of what its order locked.</summary>
    public required ulong LowWaterPpm { get; init; }

    /// <summary>A rent account is low when it lasts for less than this.</summary>
    public required long LowWaterMs { get; init; }

    /// <summary>Batches between the announcement of other rules and the first batch under them, at least.</summary>
    public required ulong RuleNotice { get; init; }

    /// <summary>Batches between the announcement of another chain of beacons and its first link, at least.</summary>
    public required ulong BeaconNotice { get; init; }

    /// <summary>How long after its end a job's records stay in the state; then they are in its archive.</summary>
    public required long RetainMs { get; init; }

    /// <summary>
    /// True to lease slots by the shares of the owners of jobs, of which genesis' minters grant them; false for the
    /// oldest order first.
    /// </summary>
    public required bool FairShare { get; init; }

    /// <summary>What an owner spent counts half after this time when shares are equal.</summary>
    public required long ShareHalfLifeMs { get; init; }

    /// <summary>True where only keys that a minter vouched for may offer or audit.</summary>
    public required bool VouchRequired { get; init; }

    /// <summary>Micro-credits for each chunk of an output that somebody asks for in the log.</summary>
    public required ulong ChunkPrice { get; init; }

    /// <summary>How long a committer has to open chunks that were asked for.</summary>
    public required long ChunkMs { get; init; }

    /// <summary>Micro-credits that finding a planted error pays: halved for each finder beyond the first, to each of them.</summary>
    public required ulong PlantJackpot { get; init; }

    /// <summary>Planted errors that may be hidden at one time.</summary>
    public required ulong MostPlants { get; init; }

    /// <summary>A planted error must be shown within this time of its registration.</summary>
    public required long PlantMs { get; init; }

    /// <summary>
    /// Providers of one build whose results must be proven wrong within <see cref="FaultWindowMs"/> before slashing
    /// pauses for that build; 0 for never.
    /// </summary>
    public required int FaultsToPause { get; init; }

    public required long FaultWindowMs { get; init; }

    /// <summary>How long slashing pauses; all its tasks are audited meanwhile.</summary>
    public required long PauseMs { get; init; }

    /// <summary>
    /// Auditors that must have confirmed a result that steers everything before another task builds on it, as far as
    /// there are that many; 0 to let tasks build on it at once, at its producer's risk (protocol.md, 8).
    /// </summary>
    public required int SteeringAuditors { get; init; }

    public static Rules Of(NetworkProfile profile) => profile switch
    {
        NetworkProfile.Local => Local,
        NetworkProfile.Lab => Lab,
        NetworkProfile.Public => Public,
        _ => throw new ArgumentOutOfRangeException(nameof(profile)),
    };
}
