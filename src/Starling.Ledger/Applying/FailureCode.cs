namespace Starling.Ledger.Applying;

/// <summary>
/// Why a transaction did nothing but use its nonce and pay its fee. Checks run in this order, so of several reasons
/// the first is reported. Values are consensus: they only grow, within the gaps of each group.
/// </summary>
public enum FailureCode
{
    None = 0,

    // The envelope. These leave even nonce and fee alone: the transaction may not have been its sender's will.
    WrongChain = 1,
    Expired = 2,

    /// <summary>Applied before, or another with its nonce was.</summary>
    NonceUsed = 3,

    /// <summary>Beyond the sender's next nonce.</summary>
    NonceTooHigh = 4,

    /// <summary>The fee payer holds less than the fee.</summary>
    FeeUnpaid = 5,

    // Anything.
    Overflow = 10,
    ZeroAmount = 11,
    NotAllowed = 12,
    DeadlinePassed = 13,

    // Money and stake.
    CreditsShort = 20,
    TokensShort = 21,
    SupplyExceeded = 22,
    StakeShort = 23,
    TooManyUnbonding = 24,
    Barred = 25,
    AlreadyAuditor = 26,
    NotAuditor = 27,
    TooManyAuditors = 28,

    // Market.
    UnknownOffer = 40,
    OfferOffBook = 41,
    UnknownJob = 42,
    JobNotOpen = 43,
    UnnamedCapability = 44,

    // Tasks.
    NotCoordinator = 60,
    UnknownTask = 61,
    TaskExists = 62,
    UnknownParent = 63,
    ParentNotShown = 64,
    WorkLimitExceeded = 65,
    NoLease = 66,
    LeaseBusy = 67,
    EscrowShort = 68,
    ExposureExceeded = 69,
    ParentBondShort = 70,
    TaskNotLost = 71,
    TooManyAttempts = 72,
    TooManyChildren = 73,

    // Results.
    NotWorker = 80,
    WrongAttempt = 81,
    AttemptNotIssued = 82,
    AttemptNotCommitted = 83,
    CommitmentMismatch = 84,
    MalformedClaim = 85,
    DrawKnown = 86,

    // Audits and challenges.
    UnknownEpoch = 100,
    WrongPhase = 101,
    NotInEpoch = 102,
    AlreadyCommitted = 103,
    NotCommitted = 104,
    SeedMismatch = 105,
    DuplicateVerdict = 106,
    ChallengeExists = 107,
    UnknownChallenge = 108,
    ChallengeTooEarly = 109,
    ChallengeAgrees = 110,
    ResultNotOpen = 111,
    TooManyRivals = 112,
    OwnResult = 113,
    RepeatedChallenge = 114,

    // Disputes.
    UnknownDispute = 120,
    NotYourTurn = 121,
    ClaimsMismatch = 122,
    IndexOutOfRange = 123,
    WrongMove = 124,
    OpeningsMismatch = 125,

    /// <summary>The network runs no referee for this level.</summary>
    NoReferee = 126,

    /// <summary>The openings are no deterministic encoding of what the piece needs, and of nothing more.</summary>
    MalformedOpenings = 127,
}
