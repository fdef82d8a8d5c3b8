using Starling.Ledger.Answers;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Records;

/// <summary>Where a job stands. Values are consensus.</summary>
public enum JobStatus
{
    /// <summary>Tasks may be issued; its order is matched while leases are missing.</summary>
    Open = 1,

    /// <summary>The coordinator declared the plan done; its last results are on their way to finality.</summary>
    Completing = 2,

    /// <summary>Cancelled or past its deadline; results already committed are on their way to finality.</summary>
    Stopping = 3,

    Closed = 4,
}

/// <summary>One job: its order, its escrow and its counters.</summary>
public sealed record JobRecord(JobId Id, ulong Number, NodeId Owner, OpenJob Order, ulong Opened) : IRecord<JobRecord>
{
    public static RecordType Type => RecordType.Job;

    public JobStatus Status { get; init; } = JobStatus.Open;

    /// <summary>Why it stops or stopped; <see cref="CloseReason.None"/> while open.</summary>
    public CloseReason Reason { get; init; }

    /// <summary>Escrow that no task holds.</summary>
    public Credits Escrow { get; init; }

    /// <summary>Escrow that tasks hold until they are final.</summary>
    public Credits Reserved { get; init; }

    /// <summary>Paid to workers and auditors.</summary>
    public Credits Spent { get; init; }

    public ulong WorkIssued { get; init; }

    /// <summary>Tasks ever issued.</summary>
    public int Tasks { get; init; }

    /// <summary>Tasks neither final nor void.</summary>
    public int OpenTasks { get; init; }

    /// <summary>Leases held now.</summary>
    public int ActiveLeases { get; init; }

    /// <summary>Leases ever matched: the next lease's number.</summary>
    public int NextLease { get; init; }

    /// <summary>The plan's last task, once declared.</summary>
    public TaskId? Result { get; init; }

    /// <summary>Height of the batch that closed it, or 0.</summary>
    public ulong Closed { get; init; }

    /// <summary>When its records leave the state; null before it closed.</summary>
    public Timestamp? KeptUntil { get; init; }

    /// <summary>Set where the job serves a model.</summary>
    public EndpointRecord? Endpoint { get; init; }

    /// <summary>Providers that it does without for now, ascending.</summary>
    public NodeId[] Avoided { get; init; } = [];

    public static JobRecord Read(FieldReader f) =>
        new(new JobId(f.Hash(1)), f.Unsigned(2), new NodeId(f.Hash(3)), f.Nested<OpenJob>(4), f.Unsigned(5))
        {
            Status = (JobStatus)f.Int32(6, 1, 4),
            Reason = (CloseReason)f.Int32(7, 0, 255),
            Escrow = f.Credits(8),
            Reserved = f.Credits(9),
            Spent = f.Credits(10),
            WorkIssued = f.Unsigned(11),
            Tasks = f.Int32(12),
            OpenTasks = f.Int32(13),
            ActiveLeases = f.Int32(14),
            NextLease = f.Int32(15),
            Result = f.OptionalHash(16) is { } task ? new TaskId(task) : null,
            Closed = f.Unsigned(17),
            KeptUntil = f.Has(18) ? f.Time(18) : null,
            Endpoint = f.OptionalNested<EndpointRecord>(19),
            Avoided = f.Has(20) ? Array.ConvertAll(f.Hashes(20, Limits.Avoided), static h => new NodeId(h)) : [],
        };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Hash);
        f.Unsigned(2, Number);
        f.Hash(3, Owner.Key);
        f.Record(4, Order);
        f.Unsigned(5, Opened);
        f.Integer(6, (int)Status);
        f.Integer(7, (int)Reason);
        f.Amount(8, Escrow);
        f.Amount(9, Reserved);
        f.Amount(10, Spent);
        f.Unsigned(11, WorkIssued);
        f.Integer(12, Tasks);
        f.Integer(13, OpenTasks);
        f.Integer(14, ActiveLeases);
        f.Integer(15, NextLease);
        f.OptionalHash(16, Result?.Hash);
        f.Unsigned(17, Closed);
        if (KeptUntil is { } until)
            f.Time(18, until);
        f.OptionalRecord(19, Endpoint);
        if (Avoided.Length > 0)
            f.Hashes(20, Array.ConvertAll(Avoided, static p => p.Key));
    }
}
