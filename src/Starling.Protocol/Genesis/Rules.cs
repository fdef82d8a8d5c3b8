using Starling.Protocol.Encoding;

namespace Starling.Protocol.Genesis;

/// <summary>
/// Every constant of the ledger, as data of the network. Times are milliseconds, rates parts per million, token and
/// credit amounts millionths.
/// </summary>
public sealed partial record Rules : IRecord<Rules>
{
    public static RecordType Type => RecordType.Rules;

    /// <summary>Micro-credits that every transaction costs; burned.</summary>
    public required ulong Fee { get; init; }

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

    /// <summary>Work units per second of the slowest machine that deadlines allow for.</summary>
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

    public static Rules Of(NetworkProfile profile) => profile switch
    {
        NetworkProfile.Local => Local,
        NetworkProfile.Lab => Lab,
        NetworkProfile.Public => Public,
        _ => throw new ArgumentOutOfRangeException(nameof(profile)),
    };
}
