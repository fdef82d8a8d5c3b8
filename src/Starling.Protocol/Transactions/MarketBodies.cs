using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>
/// A provider's standing ask: <paramref name="Slots"/> tasks at once, each with <paramref name="MemoryMiB"/>, at
/// <paramref name="Price"/> micro-credits per 10^9 work units.
/// </summary>
public sealed record PostOffer(
    string Capability, string Region, int Slots, int MemoryMiB, ulong Price, Timestamp Expires)
    : TransactionBody<PostOffer>, IRecord<PostOffer>
{
    public static RecordType Type => RecordType.PostOffer;

    /// <summary>Micro-credits per second for all slots together as a machine lease; 0 where it is not to be had so.</summary>
    public ulong SecondPrice { get; init; }

    /// <summary>Micro-credits that a task pays at least.</summary>
    public ulong Minimum { get; init; }

    /// <summary>What else there is to know, for example <c>avx512</c>; ascending, none twice.</summary>
    public string[] Attributes { get; init; } = [];

    /// <summary>Work units per second, as measured; 0 where it was not.</summary>
    public ulong Rate { get; init; }

    /// <summary>
    /// Processor and build that compute there, as conformance vectors were passed with, for example <c>zen4/1.2</c>:
    /// faults that cluster by it pause slashing (protocol.md, 3). Empty where it is not told.
    /// </summary>
    public string Build { get; init; } = "";

    public static PostOffer Read(FieldReader f) => new(
        f.Text(1, Limits.Name), f.Text(2, Limits.Name), f.Int32(3, 1, 4096), f.Int32(4), f.Unsigned(5),
        new Timestamp(f.Integer(6)))
    {
        SecondPrice = f.Positive(7),
        Minimum = f.Positive(8),
        Attributes = f.Names(9, Limits.Attributes, Limits.Name),
        Rate = f.Positive(10),
        Build = f.OptionalText(11, Limits.Name) ?? "",
    };

    public void Write(FieldWriter f)
    {
        f.Text(1, Capability);
        f.Text(2, Region);
        f.Integer(3, Slots);
        f.Integer(4, MemoryMiB);
        f.Unsigned(5, Price);
        f.Integer(6, Expires.Milliseconds);
        f.Positive(7, SecondPrice);
        f.Positive(8, Minimum);
        f.Names(9, Attributes);
        f.Positive(10, Rate);
        f.OptionalText(11, Build.Length > 0 ? Build : null);
    }
}

/// <summary>Takes an offer off the book. Its leases end once no task is left under them; they get no new ones.</summary>
public sealed record WithdrawOffer(OfferId Offer) : TransactionBody<WithdrawOffer>, IRecord<WithdrawOffer>
{
    public static RecordType Type => RecordType.WithdrawOffer;

    public static WithdrawOffer Read(FieldReader f) => new(new OfferId(f.Hash(1)));

    public void Write(FieldWriter f) => f.Hash(1, Offer.Hash);
}

/// <summary>
/// Changes what a standing offer asks. It keeps its name, its slots and its leases, whose prices stay; at the new price
/// it stands as long as a new offer does before it matches.
/// </summary>
public sealed record RepriceOffer(OfferId Offer, ulong Price) : TransactionBody<RepriceOffer>, IRecord<RepriceOffer>
{
    public static RecordType Type => RecordType.RepriceOffer;

    /// <summary>As in <see cref="PostOffer.SecondPrice"/>.</summary>
    public ulong SecondPrice { get; init; }

    /// <summary>As in <see cref="PostOffer.Minimum"/>.</summary>
    public ulong Minimum { get; init; }

    public static RepriceOffer Read(FieldReader f) => new(new OfferId(f.Hash(1)), f.Unsigned(2))
    {
        SecondPrice = f.Positive(3),
        Minimum = f.Positive(4),
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Offer.Hash);
        f.Unsigned(2, Price);
        f.Positive(3, SecondPrice);
        f.Positive(4, Minimum);
    }
}

/// <summary>How much of a job is checked; priced in the quote.</summary>
public enum Verification
{
    /// <summary>Drawn audits at the provider's rate.</summary>
    Spot = 1,

    /// <summary>Every task is audited.</summary>
    Full = 2,

    /// <summary>No audits: receipts say so.</summary>
    None = 3,

    /// <summary>Every task is done by several providers, and audited where they differ.</summary>
    Quorum = 4,
}

/// <summary>
/// Opens a job: locks <paramref name="Escrow"/> micro-credits and places a standing order for
/// <paramref name="Leases"/> leases at no more than <paramref name="MaxPrice"/> micro-credits per 10^9 work units.
/// <paramref name="Spec"/> is the content id of the expanded, pinned job; the <paramref name="Coordinator"/> may issue
/// its tasks. An empty capability or region accepts any.
/// </summary>
public sealed record OpenJob(
    Hash256 Spec,
    ulong WorkLimit,
    ulong MaxPrice,
    ulong Escrow,
    int Leases,
    string Capability,
    string Region,
    int MemoryMiB,
    Timestamp Deadline,
    Verification Verification,
    NodeId Coordinator) : TransactionBody<OpenJob>, IRecord<OpenJob>
{
    public static RecordType Type => RecordType.OpenJob;

    /// <summary>True to take providers without stake too: their tasks are small and all audited.</summary>
    public bool Newcomers { get; init; }

    /// <summary>What an offer's attributes must hold; ascending, none twice.</summary>
    public string[] Attributes { get; init; } = [];

    /// <summary>Work units per second that an offer must have been measured at.</summary>
    public ulong MinRate { get; init; }

    /// <summary>Where the job's data lies: offers elsewhere are ranked as if they cost what moving it would.</summary>
    public string DataRegion { get; init; } = "";

    /// <summary>Bytes that would have to be moved.</summary>
    public ulong DataBytes { get; init; }

    /// <summary>Providers per task, for <see cref="Verification.Quorum"/>; else 0.</summary>
    public ulong Quorum { get; init; }

    public static OpenJob Read(FieldReader f)
    {
        var order = ReadFields(f);
        var isQuorum = order.Verification == Verification.Quorum;
        if (isQuorum != order.Quorum > 0 || (isQuorum && order.Quorum is < ReplicaName.Least or > ReplicaName.Most))
            throw f.Fail(17, $"a quorum, and nothing else, has {ReplicaName.Least} to {ReplicaName.Most} providers per task");
        return order.Quorum <= (ulong)order.Leases ? order : throw f.Fail(5, "fewer leases than providers per task");
    }

    private static OpenJob ReadFields(FieldReader f) => new(
        f.Hash(1), f.Unsigned(2), f.Unsigned(3), f.Unsigned(4), f.Int32(5, 1, Limits.Leases), f.Text(6, Limits.Name),
        f.Text(7, Limits.Name), f.Int32(8), new Timestamp(f.Integer(9)), (Verification)f.Int32(10, 1, 4),
        new NodeId(f.Hash(11)))
    {
        Newcomers = f.Flag(12),
        Attributes = f.Names(13, Limits.Attributes, Limits.Name),
        MinRate = f.Positive(14),
        DataRegion = f.OptionalText(15, Limits.Name) ?? "",
        DataBytes = f.Positive(16),
        Quorum = f.Positive(17),
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Spec);
        f.Unsigned(2, WorkLimit);
        f.Unsigned(3, MaxPrice);
        f.Unsigned(4, Escrow);
        f.Integer(5, Leases);
        f.Text(6, Capability);
        f.Text(7, Region);
        f.Integer(8, MemoryMiB);
        f.Integer(9, Deadline.Milliseconds);
        f.Integer(10, (int)Verification);
        f.Hash(11, Coordinator.Key);
        f.Flag(12, Newcomers);
        f.Names(13, Attributes);
        f.Positive(14, MinRate);
        f.OptionalText(15, DataRegion.Length > 0 ? DataRegion : null);
        f.Positive(16, DataBytes);
        f.Positive(17, Quorum);
    }
}

/// <summary>The owner stops a job: finished tasks are paid once final, the rest of the escrow comes back.</summary>
public sealed record CancelJob(JobId Job) : TransactionBody<CancelJob>, IRecord<CancelJob>
{
    public static RecordType Type => RecordType.CancelJob;

    public static CancelJob Read(FieldReader f) => new(new JobId(f.Hash(1)));

    public void Write(FieldWriter f) => f.Hash(1, Job.Hash);
}

/// <summary>Adds micro-credits to a job's escrow.</summary>
public sealed record TopUpJob(JobId Job, ulong Micro) : TransactionBody<TopUpJob>, IRecord<TopUpJob>
{
    public static RecordType Type => RecordType.TopUpJob;

    public static TopUpJob Read(FieldReader f) => new(new JobId(f.Hash(1)), f.Unsigned(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Job.Hash);
        f.Unsigned(2, Micro);
    }
}

/// <summary>The coordinator declares the plan done, naming its last task: the job closes when all its tasks are final.</summary>
public sealed record CompleteJob(JobId Job, TaskId Result) : TransactionBody<CompleteJob>, IRecord<CompleteJob>
{
    public static RecordType Type => RecordType.CompleteJob;

    public static CompleteJob Read(FieldReader f) => new(new JobId(f.Hash(1)), new TaskId(f.Hash(2)));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Job.Hash);
        f.Hash(2, Result.Hash);
    }
}
