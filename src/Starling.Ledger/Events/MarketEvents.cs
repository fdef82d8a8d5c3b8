using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

/// <summary>A job's order took a slot of an offer.</summary>
public sealed record MatchedLease(JobId Job, LeaseId Lease, OfferId Offer, NodeId Provider, ulong Price) : LedgerEvent;

/// <summary>Why a lease ended. Values are consensus.</summary>
public enum DropReason
{
    /// <summary>Its job closed or stopped.</summary>
    JobEnded = 1,

    /// <summary>A task given under it was not committed in time.</summary>
    TimedOut = 2,

    /// <summary>Its provider was convicted.</summary>
    Convicted = 3,

    /// <summary>Its offer was withdrawn or expired, and no task was left under it.</summary>
    Withdrawn = 4,

    /// <summary>The job's coordinator does without its provider for now.</summary>
    Avoided = 5,
}

public sealed record LeaseDropped(JobId Job, LeaseId Lease, NodeId Provider, DropReason Reason) : LedgerEvent;

/// <summary>A standing offer asks another price.</summary>
public sealed record OfferRepriced(OfferId Offer, NodeId Provider, ulong Price) : LedgerEvent;

/// <summary>An offer left the book by itself.</summary>
public sealed record OfferExpired(OfferId Offer, NodeId Provider) : LedgerEvent;

public sealed record JobOpened(JobId Job, NodeId Owner) : LedgerEvent;

/// <summary>A job declared done lost a result that it needs, and goes on.</summary>
public sealed record JobReopened(JobId Job) : LedgerEvent;

/// <summary>A job ended; what was left of its escrow went back to its owner.</summary>
public sealed record JobClosed(JobId Job, CloseReason Reason, Party AtFault, Credits Refunded) : LedgerEvent;
