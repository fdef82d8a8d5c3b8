namespace Starling.Ledger.Applying;

/// <summary>Why a whole batch was not applied. The state is then as before it.</summary>
public enum BatchRefusal
{
    None = 0,
    WrongChain = 1,

    /// <summary>Not the next height: a gap, or applied before.</summary>
    WrongHeight = 2,
    WrongPrevious = 3,
    WrongProducer = 4,
    BadHeaderSignature = 5,

    /// <summary>Before the last batch.</summary>
    TimeWentBack = 6,

    /// <summary>Later than the reader's own clock allows.</summary>
    TimeAhead = 7,

    /// <summary>Not the next link of the producer's chain.</summary>
    WrongBeacon = 8,
    WrongHistory = 9,
    WrongTransactions = 10,
    TooManyTransactions = 11,

    /// <summary>A transaction in it is not signed by its sender or fee payer.</summary>
    BadTransactionSignature = 12,

    /// <summary>Applying it does not give the state root its header holds.</summary>
    WrongState = 13,
}
