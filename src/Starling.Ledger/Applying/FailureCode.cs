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

    /// <summary>Valid for longer than the rules allow from this batch on.</summary>
    ValidTooLong = 6,

    /// <summary>The fee is above the most that its sender pays.</summary>
    FeeAboveLimit = 7,

    // Anything.
    Overflow = 10,
    ZeroAmount = 11,
    NotAllowed = 12,
    DeadlinePassed = 13,

    /// <summary>Announced for too early a height.</summary>
    NoticeShort = 14,

    /// <summary>As many rule changes are announced as may be.</summary>
    TooManyChanges = 15,

    /// <summary>Announced before, and not to be taken back.</summary>
    AlreadyAnnounced = 16,

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

    /// <summary>An account would be left with less than the smallest balance, and with more than none.</summary>
    BelowMinimum = 29,

    /// <summary>The key lets nobody delegate to it.</summary>
    UnknownPool = 30,

    /// <summary>More would be delegated than the key's own stake allows.</summary>
    PoolFull = 31,

    /// <summary>The pool was slashed so far that a deposit buys no countable shares.</summary>
    PoolDead = 32,
    SharesShort = 33,

    /// <summary>The commission rises faster than the rules allow.</summary>
    CommissionRise = 34,

    /// <summary>No minter vouches for it, or not for as many slots.</summary>
    NotVouched = 35,

    // Market.
    UnknownOffer = 40,
    OfferOffBook = 41,
    UnknownJob = 42,
    JobNotOpen = 43,
    UnnamedCapability = 44,

    // Machines by time, and auctions of them.
    OfferBusy = 45,

    /// <summary>The offer has no price per second.</summary>
    NotForRent = 46,
    RateAboveLimit = 47,

    /// <summary>The rent account holds less than its leases need soon.</summary>
    RentShort = 48,
    TooManyLeases = 49,
    UnknownMachineLease = 50,

    /// <summary>A signature inside the body is not of the key that it should be of.</summary>
    BadSignature = 51,

    /// <summary>A heartbeat with a number that is not above the last one's.</summary>
    StaleBeat = 52,
    UnknownAuction = 53,
    WrongAuctionPhase = 54,
    BidBondShort = 55,
    AlreadyBid = 56,
    AuctionFull = 57,

    /// <summary>No such bid was committed, or it was not shown.</summary>
    UnknownBid = 58,

    /// <summary>The offer lacks something that the auction asks for.</summary>
    OfferUnfit = 59,

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

    /// <summary>A parent steers everything, and too few auditors have confirmed it yet.</summary>
    ParentNotAudited = 74,

    /// <summary>No dispute can search a parent's result, and it was not issued to be recomputed by every auditor.</summary>
    ParentUndecided = 75,

    // Results.
    NotWorker = 80,
    WrongAttempt = 81,
    AttemptNotIssued = 82,
    AttemptNotCommitted = 83,
    CommitmentMismatch = 84,
    MalformedClaim = 85,
    DrawKnown = 86,

    /// <summary>No such request for chunks is open.</summary>
    UnknownRequest = 87,
    TooManyRequests = 88,

    /// <summary>The bytes are not the chunks of that output.</summary>
    ChunksMismatch = 89,

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

    /// <summary>No such error was planted, or it was shown.</summary>
    UnknownPlant = 115,

    /// <summary>Its task was given to someone before it was planted.</summary>
    PlantedTooLate = 116,
    TooManyPlants = 117,

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

    /// <summary>The referee looks at one opening of a dispute per batch.</summary>
    OpenedAlready = 128,

    /// <summary>The batch is full of openings, and the dispute was put off as often as it may be.</summary>
    RefereeBusy = 129,

    // Channels.
    UnknownChannel = 140,

    /// <summary>The payer asked for its end: nothing can be added.</summary>
    ChannelClosing = 141,
    UnknownChannelKey = 142,
    TooManyKeys = 143,

    /// <summary>A key's period never changes, its cap never falls, and what is revoked stays so.</summary>
    KeyFixed = 144,

    /// <summary>The voucher is of a period that has not begun.</summary>
    VoucherTooEarly = 145,

    /// <summary>The voucher is of a period too long ago, or its key was revoked.</summary>
    VoucherExpired = 146,

    // Answers.
    UnknownEndpoint = 160,
    EndpointExists = 161,

    /// <summary>The interval still runs, or may still be committed.</summary>
    IntervalNotOver = 162,

    /// <summary>The next interval is over too.</summary>
    IntervalTooOld = 163,

    /// <summary>The channel is not one from the endpoint's owner or coordinator to the worker.</summary>
    ChannelOfOthers = 164,

    /// <summary>The interval's commitment has the chunk, or the proof does not fit it.</summary>
    NotMissing = 165,

    // Quorums.

    /// <summary>The task's name is none of the job's quorum.</summary>
    NotOfQuorum = 170,

    /// <summary>The provider does the same node already.</summary>
    QuorumRepeats = 171,

    /// <summary>Another of the quorum may show its result: whoever started now could copy it.</summary>
    QuorumUnsealed = 172,

    /// <summary>Another of the quorum still works: its result may not be seen yet.</summary>
    QuorumSealed = 173,
}
