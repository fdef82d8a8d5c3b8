using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Merkle;

namespace Starling.Ledger.State;

/// <summary>
/// The state of a network after some batch. It changes in place, and only through <see cref="Applying.LedgerMachine"/>; one
/// thread owns it. Everything that the rules read is in its tables and so under <see cref="Root"/>.
/// </summary>
public sealed class LedgerState
{
    private readonly Table<int, NetworkRecord> _network;
    private readonly Table<int, RuleBookRecord> _rules;
    private readonly Table<int, ArchiveRecord> _archive;
    private readonly Table<int, SentinelsRecord> _sentinels;
    private readonly ITable[] _tables;
    private StateTree _tree = StateTree.Empty;

    internal LedgerState(GenesisRecord genesis)
    {
        Genesis = genesis;
        Chain = genesis.ChainId();
        _network = new(Journal, static _ => 0, static _ => StateKey.Network);
        Accounts = new(Journal, static r => r.Id, StateKey.Account);
        Stakes = new(Journal, static r => r.Id, StateKey.Stake);
        Auditors = new(Journal, static r => r.Id, StateKey.Auditor);
        Offers = new(Journal, static r => r.Id, StateKey.Offer);
        Jobs = new(Journal, static r => r.Id, StateKey.Job);
        Leases = new(Journal, static r => r.Id, StateKey.Lease);
        Tasks = new(Journal, static r => r.Id, StateKey.Task);
        Epochs = new(Journal, static r => r.Number, StateKey.Epoch);
        Draws = new(Journal, static r => r.Id, StateKey.Draw);
        Challenges = new(Journal, static r => r.Commitment, StateKey.Challenge);
        Disputes = new(Journal, static r => r.Id, StateKey.Dispute);
        Pools = new(Journal, static r => r.Id, StateKey.Pool);
        Delegations = new(Journal, static r => r.Id, StateKey.Delegation);
        Rents = new(Journal, static r => r.Id, StateKey.Rent);
        MachineLeases = new(Journal, static r => r.Id, StateKey.MachineLease);
        Auctions = new(Journal, static r => r.Id, StateKey.Auction);
        Channels = new(Journal, static r => r.Id, StateKey.Channel);
        _rules = new(Journal, static _ => 0, static _ => StateKey.RuleBook)
        {
            Changed = (old, now) => Index.RulesChanged(old?.Current, now?.Current),
        };
        Grants = new(Journal, static r => r.Id, StateKey.Grant);
        ChunkRequests = new(Journal, static r => r.Id, StateKey.ChunkRequest);
        Plants = new(Journal, static r => r.Commitment, StateKey.Plant);
        _sentinels = new(Journal, static _ => 0, static _ => StateKey.Sentinels);
        Faults = new(Journal, static r => r.Key, StateKey.Faults);
        _archive = new(Journal, static _ => 0, static _ => StateKey.Archive);
        _tables =
        [
            _network, Accounts, Stakes, Auditors, Offers, Jobs, Leases, Tasks, Epochs, Draws, Challenges, Disputes,
            Pools, Delegations, Rents, MachineLeases, Auctions, Channels, _rules, _archive, Grants, ChunkRequests,
            Plants, _sentinels, Faults,
        ];
        Index.Watch(this);
    }

    public GenesisRecord Genesis { get; }

    public ChainId Chain { get; }

    public Table<NodeId, AccountRecord> Accounts { get; }

    public Table<NodeId, StakeRecord> Stakes { get; }

    public Table<NodeId, AuditorRecord> Auditors { get; }

    public Table<OfferId, OfferRecord> Offers { get; }

    public Table<JobId, JobRecord> Jobs { get; }

    public Table<LeaseId, LeaseRecord> Leases { get; }

    public Table<TaskId, TaskRecord> Tasks { get; }

    public Table<ulong, EpochRecord> Epochs { get; }

    public Table<DrawId, DrawRecord> Draws { get; }

    public Table<Hash256, ChallengeRecord> Challenges { get; }

    public Table<DisputeId, DisputeRecord> Disputes { get; }

    public Table<NodeId, PoolRecord> Pools { get; }

    public Table<DelegationId, DelegationRecord> Delegations { get; }

    public Table<NodeId, RentRecord> Rents { get; }

    public Table<MachineLeaseId, MachineLeaseRecord> MachineLeases { get; }

    public Table<AuctionId, AuctionRecord> Auctions { get; }

    public Table<ChannelId, ChannelRecord> Channels { get; }

    public Table<NodeId, GrantRecord> Grants { get; }

    public Table<Hash256, ChunkRequestRecord> ChunkRequests { get; }

    public Table<Hash256, PlantRecord> Plants { get; }

    /// <summary>By <see cref="FaultsRecord.KeyOf"/>.</summary>
    public Table<Hash256, FaultsRecord> Faults { get; }

    /// <summary>The pool of planted errors and their count.</summary>
    public SentinelsRecord Sentinels => _sentinels.Find(0) ?? SentinelsRecord.Empty;

    public NetworkRecord Network => _network.Get(0);

    public ulong Height => Network.Height;

    public Timestamp Time => Network.Time;

    /// <summary>The state root after the last batch: what its header holds.</summary>
    public Hash256 Root => _tree.Root;

    /// <summary>The hash of the last header; at height 0 the chain id.</summary>
    public Hash256 LastHeader { get; internal set; }

    /// <summary>Of all headers so far: the next header holds its root.</summary>
    public MountainPeaks History { get; internal set; } = new();

    /// <summary>The rules in force and those announced.</summary>
    public RuleBookRecord RuleBook => _rules.Get(0);

    /// <summary>The rules in force: of the batch being applied, else of the last one.</summary>
    public Rules Rules => RuleBook.Current;

    /// <summary>What left the state.</summary>
    public ArchiveRecord Archive => _archive.Find(0) ?? ArchiveRecord.Empty;

    internal Rules? RulesIfLoaded => _rules.Find(0)?.Current;

    /// <summary>The rules that the next batch is under.</summary>
    public Rules NextRules => RuleBook.At(Height + 1);

    internal Journal Journal { get; } = new();

    internal StateIndex Index { get; } = new();

    internal IReadOnlyList<ITable> Tables => _tables;

    /// <summary>Leases of a job, in a fixed order.</summary>
    public IReadOnlyList<LeaseRecord> LeasesOf(JobId job) => Array.ConvertAll(Index.LeasesOfJob.Of(job), Leases.Get);

    /// <summary>Leases of a provider, in a fixed order.</summary>
    public IReadOnlyList<LeaseRecord> LeasesOf(NodeId provider) =>
        Array.ConvertAll(Index.LeasesOfProvider.Of(provider), Leases.Get);

    /// <summary>Tasks of a job, by id.</summary>
    public IReadOnlyList<TaskRecord> TasksOf(JobId job) => Array.ConvertAll(Index.TasksOfJob.Of(job), Tasks.Get);

    /// <summary>Epochs whose reveals are not in yet, oldest first.</summary>
    public IReadOnlyList<EpochRecord> OpenEpochs() => [.. Index.Epochs.Select(Epochs.Get)];

    /// <summary>The encoded record at a key under <see cref="Root"/>, or null.</summary>
    public byte[]? Encoded(StateKey key) => key.Table switch
    {
        TableId.Network => Encode(_network.Find(0)),
        TableId.RuleBook => Encode(_rules.Find(0)),
        TableId.Archive => Encode(_archive.Find(0)),
        TableId.Plants => Encode(Plants.Find(key.Id)),
        TableId.Sentinels => Encode(_sentinels.Find(0)),
        TableId.Faults => Encode(Faults.Find(key.Id)),
        TableId.Grants => Encode(Grants.Find(new NodeId(key.Id))),
        TableId.ChunkRequests => Encode(ChunkRequests.Find(key.Id)),
        TableId.Accounts => Encode(Accounts.Find(new NodeId(key.Id))),
        TableId.Stakes => Encode(Stakes.Find(new NodeId(key.Id))),
        TableId.Auditors => Encode(Auditors.Find(new NodeId(key.Id))),
        TableId.Offers => Encode(Offers.Find(new OfferId(key.Id))),
        TableId.Jobs => Encode(Jobs.Find(new JobId(key.Id))),
        TableId.Leases => Encode(Leases.Find(new LeaseId(key.Id))),
        TableId.Tasks => Encode(Tasks.Find(new TaskId(key.Id))),
        TableId.Disputes => Encode(Disputes.Find(new DisputeId(key.Id))),
        TableId.Challenges => Encode(Challenges.Find(key.Id)),
        TableId.Rents => Encode(Rents.Find(new NodeId(key.Id))),
        TableId.MachineLeases => Encode(MachineLeases.Find(new MachineLeaseId(key.Id))),
        TableId.Auctions => Encode(Auctions.Find(new AuctionId(key.Id))),
        TableId.Channels => Encode(Channels.Find(new ChannelId(key.Id))),
        TableId.Pools => Encode(Pools.Find(new NodeId(key.Id))),
        TableId.Delegations => Encode(Delegations.Find(new DelegationId(key.Id))),
        TableId.Epochs => Encode(Epochs.Find(StateKey.NumberOf(key.Id))),
        TableId.Draws => Encode(Draws.Find(DrawId.Of(key.Id))),
        _ => throw new ArgumentException($"there is no table {key.Table}", nameof(key)),
    };

    /// <summary>Shows that <see cref="Root"/> holds the record at a key, or that it holds none.</summary>
    public StateProof Prove(StateKey key)
    {
        var path = key.Path();
        var (siblings, end) = _tree.Walk(path);
        return end is null || end.Path == path
            ? new StateProof([.. siblings], null, null)
            : new StateProof([.. siblings], end.Path, end.Value);
    }

    internal void SetSentinels(SentinelsRecord sentinels) => _sentinels.Put(sentinels);

    internal void SetArchive(ArchiveRecord archive) => _archive.Put(archive);

    internal void SetRuleBook(RuleBookRecord rules) => _rules.Put(rules);

    internal void SetNetwork(NetworkRecord network) => _network.Put(network);

    /// <summary>The tree with all writes since <see cref="Commit"/>.</summary>
    internal StateTree NextTree()
    {
        var changes = new List<TreeChange>();
        foreach (var table in _tables)
            table.CollectChanges(changes);
        changes.Sort(static (a, b) => a.Path.CompareTo(b.Path));
        return _tree.With(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(changes));
    }

    /// <summary>Makes all writes since the last commit part of the state for good.</summary>
    internal void Commit(StateTree tree)
    {
        _tree = tree;
        Journal.Clear();
        foreach (var table in _tables)
            table.Forget();
    }

    private static byte[]? Encode<T>(T? record)
        where T : class, IRecord<T> => record is null ? null : RecordCodec.Encode(record);
}
