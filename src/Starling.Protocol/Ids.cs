using Starling.Protocol.Hashing;

namespace Starling.Protocol;

/// <summary>Names a network: the hash of its genesis record.</summary>
public readonly record struct ChainId(Hash256 Hash)
{
    public override string ToString() => Hash.ToString();
}

/// <summary>Names a signed transaction: the hash of its payload bytes as signed.</summary>
public readonly record struct TransactionId(Hash256 Hash) : IComparable<TransactionId>
{
    public int CompareTo(TransactionId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}

/// <summary>Names a job: the id of the transaction that opened it.</summary>
public readonly record struct JobId(Hash256 Hash) : IComparable<JobId>
{
    public string Short => Hash.ToString()[..8];

    public int CompareTo(JobId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}

/// <summary>Names an offer: the id of the transaction that posted it.</summary>
public readonly record struct OfferId(Hash256 Hash) : IComparable<OfferId>
{
    public string Short => Hash.ToString()[..8];

    public int CompareTo(OfferId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}

/// <summary>
/// Names a task: the hash of its job, its node in the plan and its parents' results (protocol.md, 2). Nobody can add
/// work to a job, because the ids of its tasks follow from its plan.
/// </summary>
public readonly record struct TaskId(Hash256 Hash) : IComparable<TaskId>
{
    public string Short => Hash.ToString()[..8];

    public int CompareTo(TaskId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}

/// <summary>Names a payment channel: the id of the transaction that opened it.</summary>
public readonly record struct ChannelId(Hash256 Hash) : IComparable<ChannelId>
{
    public int CompareTo(ChannelId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}

/// <summary>Names a lease of a whole machine by time: the id of the transaction that began it.</summary>
public readonly record struct MachineLeaseId(Hash256 Hash) : IComparable<MachineLeaseId>
{
    public int CompareTo(MachineLeaseId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}

/// <summary>Names an auction: the id of the transaction that opened it.</summary>
public readonly record struct AuctionId(Hash256 Hash) : IComparable<AuctionId>
{
    public int CompareTo(AuctionId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}

/// <summary>Names a dispute: the hash of the task, the attempt and the challenger.</summary>
public readonly record struct DisputeId(Hash256 Hash) : IComparable<DisputeId>
{
    public int CompareTo(DisputeId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}
