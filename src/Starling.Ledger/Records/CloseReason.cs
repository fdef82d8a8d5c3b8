namespace Starling.Ledger.Records;

/// <summary>Why a job closed: the closed list. Values are consensus.</summary>
public enum CloseReason
{
    None = 0,

    /// <summary>Every task of the plan is final.</summary>
    Completed = 1,

    CancelledByOwner = 2,

    /// <summary>The deadline passed before the plan was done.</summary>
    DeadlinePassed = 3,

    /// <summary>The deadline passed with no escrow left for another task.</summary>
    EscrowExhausted = 4,

    /// <summary>The deadline passed and no offer had ever matched.</summary>
    NoOffer = 5,

    /// <summary>The deadline passed with leases held and no task ever issued.</summary>
    CoordinatorSilent = 6,
}

/// <summary>Who is answerable for an outcome.</summary>
public enum Party
{
    Nobody = 0,
    Owner = 1,
    Coordinator = 2,
    Provider = 3,
    Market = 4,
}

public static class CloseReasons
{
    /// <summary>The party at fault for a close.</summary>
    public static Party AtFault(this CloseReason reason) => reason switch
    {
        CloseReason.None or CloseReason.Completed => Party.Nobody,
        CloseReason.CancelledByOwner or CloseReason.DeadlinePassed or CloseReason.EscrowExhausted => Party.Owner,
        CloseReason.NoOffer => Party.Market,
        CloseReason.CoordinatorSilent => Party.Coordinator,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
