using System.Buffers.Binary;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.State;

/// <summary>The tables of the state. Values are consensus: they are part of every key.</summary>
public enum TableId : byte
{
    Network = 1,
    Accounts = 2,
    Stakes = 3,
    Auditors = 4,
    Offers = 5,
    Jobs = 6,
    Leases = 7,
    Tasks = 8,
    Epochs = 9,
    Draws = 10,
    Challenges = 11,
    Disputes = 12,
    Pools = 13,
    Delegations = 14,
    Rents = 15,
    MachineLeases = 16,
    Auctions = 17,
    Channels = 18,
    RuleBook = 19,
    Archive = 20,
    Grants = 21,
    ChunkRequests = 22,
    Plants = 23,
    Sentinels = 24,
    Faults = 25,
}

/// <summary>Names one record of the state. Its path in the state tree is a hash, so paths are evenly spread.</summary>
public readonly record struct StateKey(TableId Table, Hash256 Id) : IComparable<StateKey>
{
    private static readonly HashDomain s_domain = HashDomain.Get("state key");

    public static StateKey Network => new(TableId.Network, Hash256.Zero);

    public static StateKey RuleBook => new(TableId.RuleBook, Hash256.Zero);

    public static StateKey Archive => new(TableId.Archive, Hash256.Zero);

    public static StateKey Grant(NodeId id) => new(TableId.Grants, id.Key);

    public static StateKey ChunkRequest(Hash256 id) => new(TableId.ChunkRequests, id);

    public static StateKey Plant(Hash256 commitment) => new(TableId.Plants, commitment);

    public static StateKey Sentinels => new(TableId.Sentinels, Hash256.Zero);

    /// <param name="build"><see cref="FaultsRecord.KeyOf"/> of the build.</param>
    public static StateKey Faults(Hash256 build) => new(TableId.Faults, build);

    public static StateKey Account(NodeId id) => new(TableId.Accounts, id.Key);

    public static StateKey Stake(NodeId id) => new(TableId.Stakes, id.Key);

    public static StateKey Auditor(NodeId id) => new(TableId.Auditors, id.Key);

    public static StateKey Offer(OfferId id) => new(TableId.Offers, id.Hash);

    public static StateKey Job(JobId id) => new(TableId.Jobs, id.Hash);

    public static StateKey Lease(LeaseId id) => new(TableId.Leases, id.Hash);

    public static StateKey Task(TaskId id) => new(TableId.Tasks, id.Hash);

    public static StateKey Epoch(ulong number) => new(TableId.Epochs, Number(number));

    public static StateKey Draw(DrawId id) => new(TableId.Draws, id.Key());

    public static StateKey Challenge(Hash256 commitment) => new(TableId.Challenges, commitment);

    public static StateKey Dispute(DisputeId id) => new(TableId.Disputes, id.Hash);

    public static StateKey Pool(NodeId id) => new(TableId.Pools, id.Key);

    public static StateKey Delegation(DelegationId id) => new(TableId.Delegations, id.Hash);

    public static StateKey Rent(NodeId tenant) => new(TableId.Rents, tenant.Key);

    public static StateKey MachineLease(MachineLeaseId id) => new(TableId.MachineLeases, id.Hash);

    public static StateKey Auction(AuctionId id) => new(TableId.Auctions, id.Hash);

    public static StateKey Channel(ChannelId id) => new(TableId.Channels, id.Hash);

    /// <summary>Where the record stands in the state tree.</summary>
    public Hash256 Path()
    {
        Span<byte> bytes = stackalloc byte[1 + Hash256.Size];
        bytes[0] = (byte)Table;
        Id.CopyTo(bytes[1..]);
        return s_domain.Hash(bytes);
    }

    public int CompareTo(StateKey other) =>
        Table == other.Table ? Id.CompareTo(other.Id) : ((byte)Table).CompareTo((byte)other.Table);

    internal static ulong NumberOf(Hash256 key)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        key.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[^8..]);
    }

    private static Hash256 Number(ulong number)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes[^8..], number);
        return new Hash256(bytes);
    }
}
