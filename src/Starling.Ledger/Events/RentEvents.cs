using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

/// <summary>Why a machine lease ended: the closed list. Values are consensus.</summary>
public enum RentEnd
{
    /// <summary>Its agreed end.</summary>
    Agreed = 1,

    /// <summary>Its tenant ended it.</summary>
    ByTenant = 2,

    /// <summary>Its provider ended it without notice, and lost the stake behind it.</summary>
    ByProvider = 3,

    /// <summary>Its provider gave notice, and the time is over.</summary>
    Notice = 4,

    /// <summary>No heartbeat came in time.</summary>
    Silent = 5,

    /// <summary>The tenant's account is empty.</summary>
    Exhausted = 6,

    /// <summary>Its provider was convicted of a wrong result.</summary>
    Convicted = 7,
}

public static class RentEnds
{
    /// <summary>The party at fault for the end of a machine lease.</summary>
    public static Party AtFault(this RentEnd end) => end switch
    {
        RentEnd.Agreed or RentEnd.Notice => Party.Nobody,
        RentEnd.ByTenant or RentEnd.Exhausted => Party.Owner,
        RentEnd.ByProvider or RentEnd.Silent or RentEnd.Convicted => Party.Provider,
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };
}

public sealed record MachineLeased(
    MachineLeaseId Lease, NodeId Tenant, NodeId Provider, OfferId Offer, ulong PerSecond) : LedgerEvent;

/// <summary>A provider was paid rent.</summary>
public sealed record RentPaid(MachineLeaseId Lease, NodeId Provider, Credits Amount) : LedgerEvent;

/// <summary>A machine lease ended at a moment, at the latest this batch's; its rent is paid up to there.</summary>
public sealed record MachineLeaseEnded(
    MachineLeaseId Lease, NodeId Tenant, NodeId Provider, RentEnd Reason, Party AtFault, Timestamp At) : LedgerEvent;

/// <summary>A rent account lasts no longer than until a time: its tenant should add to it.</summary>
public sealed record RentLow(NodeId Tenant, Timestamp Lasts) : LedgerEvent;

/// <summary>Less is left of a job's escrow than the rules' part of what its order locked.</summary>
public sealed record EscrowLow(JobId Job, Credits Left) : LedgerEvent;

public sealed record AuctionOpened(AuctionId Auction, NodeId Owner) : LedgerEvent;

/// <summary>A bid left an auction whose list was full, for one with at least twice its bond.</summary>
public sealed record BidEvicted(AuctionId Auction, NodeId Bidder, Credits Returned) : LedgerEvent;

/// <summary>An auction is over: the bidder chosen, if any, and what was burned.</summary>
public sealed record AuctionClosed(AuctionId Auction, NodeId? Chosen, Credits Burned) : LedgerEvent;

/// <summary>Credits locked in an auction went to somebody.</summary>
public sealed record AuctionPaid(AuctionId Auction, NodeId To, Credits Amount) : LedgerEvent;
