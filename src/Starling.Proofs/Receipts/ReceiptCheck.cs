namespace Starling.Proofs.Receipts;

/// <summary>What was looked at.</summary>
public enum CheckKind
{
    /// <summary>The bytes are one deterministic encoding of a receipt, within its bounds.</summary>
    Format = 1,

    /// <summary>The checksum over the receipt holds: nothing was altered by accident.</summary>
    Checksum = 2,

    /// <summary>The genesis record is that of the chain, and the one that was expected.</summary>
    Genesis = 3,

    /// <summary>The header belongs to the chain and its producer signed it.</summary>
    Header = 4,

    /// <summary>The job's record stands under the header, closed, with this specification.</summary>
    Job = 5,

    /// <summary>Every task's record stands under the header.</summary>
    Inclusion = 6,

    /// <summary>The tasks are those of the plan, each built on its parents' results.</summary>
    Plan = 7,

    /// <summary>Every task is final; of a job without a model, final or void.</summary>
    Finality = 8,

    /// <summary>The model is what the plan's last task gave.</summary>
    Model = 9,

    /// <summary>The files at hand are the ones that the receipt names.</summary>
    Files = 10,

    /// <summary>What was paid for the tasks adds up to what the job spent.</summary>
    Money = 11,
}

/// <summary>One thing that was looked at, and why it holds or does not.</summary>
public sealed record ReceiptCheck(CheckKind Kind, bool Holds, string Reason);
