using System.Buffers.Binary;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>Names a lease: the hash of its job and its number within the job.</summary>
public readonly record struct LeaseId(Hash256 Hash) : IComparable<LeaseId>
{
    private static readonly HashDomain s_domain = HashDomain.Get("lease id");

    public static LeaseId Of(JobId job, int number)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size + sizeof(int)];
        job.Hash.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[Hash256.Size..], number);
        return new LeaseId(s_domain.Hash(bytes));
    }

    public int CompareTo(LeaseId other) => Hash.CompareTo(other.Hash);
}

/// <summary>One slot of an offer, matched to a job's order.</summary>
/// <param name="Job">The job.</param>
/// <param name="Number">Its number within the job, from 0.</param>
/// <param name="Offer">The offer whose slot it holds.</param>
/// <param name="Provider">Whose the offer is.</param>
/// <param name="Price">Micro-credits per 10^9 work units.</param>
/// <param name="Since">Height of the batch that matched it.</param>
/// <param name="Tasks">Tasks given under it and not committed yet, in order.</param>
/// <param name="Work">Their work.</param>
public sealed record LeaseRecord(
    JobId Job, int Number, OfferId Offer, NodeId Provider, ulong Price, ulong Since, TaskId[] Tasks, ulong Work)
    : IRecord<LeaseRecord>
{
    private const int MaxTasks = 1_000;

    public static RecordType Type => RecordType.Lease;

    /// <summary>Micro-credits that a task under it pays at least.</summary>
    public ulong Minimum { get; init; }

    public LeaseId Id { get; } = LeaseId.Of(Job, Number);

    public static LeaseRecord Read(FieldReader f) => new(
        new JobId(f.Hash(1)), f.Int32(2), new OfferId(f.Hash(3)), new NodeId(f.Hash(4)), f.Unsigned(5), f.Unsigned(6),
        Array.ConvertAll(f.Hashes(7, MaxTasks), static h => new TaskId(h)), f.Unsigned(8))
    {
        Minimum = f.Positive(9),
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Job.Hash);
        f.Integer(2, Number);
        f.Hash(3, Offer.Hash);
        f.Hash(4, Provider.Key);
        f.Unsigned(5, Price);
        f.Unsigned(6, Since);
        f.Hashes(7, Array.ConvertAll(Tasks, static t => t.Hash));
        f.Unsigned(8, Work);
        f.Positive(9, Minimum);
    }
}
