using System.Collections.Concurrent;
using Starling.Ledger.Applying;
using Starling.Ledger.Checking;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Ledger;

/// <summary>A network of one ledger in virtual time. After every batch the books must balance.</summary>
internal sealed class TestNetwork
{
    public const ulong Unit = 1_000_000;

    private const int ChainLength = 4_096;

    private static readonly ConcurrentDictionary<(string Secret, int Length), Hash256[]> s_chains = new();

    private readonly Hash256[] _beacons = Chain("beacon", ChainLength);
    private readonly LedgerMachine _machine;
    private readonly Dictionary<TestKey, ulong> _nonces = [];
    private readonly Books _books;

    public TestNetwork(
        Rules? rules = null, IRefereeProgram? referee = null, NetworkProfile profile = NetworkProfile.Local,
        RuleChange[]? changes = null)
    {
        GenesisAccount[] accounts =
        [
            .. Providers.Select(p => new GenesisAccount(p.Id, Unit, 1_000 * Unit, 1_000 * Unit)),
            .. Auditors.Select(a => new GenesisAccount(a.Id, Unit, 1_000 * Unit, 1_000 * Unit)),
            new(Owner.Id, 1_000 * Unit, 10 * Unit, 0),
            new(Gateway.Id, 10 * Unit, 10 * Unit, 0),
            new(Sponsor.Id, Unit, 0, 0),
            new(RulesKey.Id, 10 * Unit, 0, 0),
            new(Minter.Id, 10 * Unit, 0, 0),
            new(Sentinel.Id, 100 * Unit, 0, 0),
            new(Producer.Id, 10 * Unit, 0, 0),
        ];
        Genesis = new GenesisRecord(
            "test", profile, new Timestamp(1_800_000_000_000), Producer.Id, _beacons[0], [Minter.Id], accounts,
            rules ?? Quick)
        {
            RulesKey = RulesKey.Id,
            Sentinel = Sentinel.Id,
            Changes = changes ?? [],
        };
        _machine = new LedgerMachine(TestKey.Scheme, referee);
        State = GenesisState.Create(Genesis);
        Now = Genesis.Start;
        _books = new Books(Genesis);
    }

    /// <summary>The local rules where a task of 10^9 units adds a second to its deadlines.</summary>
    public static Rules Quick { get; } = Rules.Local with { SlowRate = 1_000_000_000 };

    public static Rules QuickLab { get; } = Rules.Lab with
    {
        SlowRate = 1_000_000_000,
        FairShare = false,
        VouchRequired = false,
    };

    public static TestKey Producer { get; } = new("producer");

    public static TestKey RulesKey { get; } = new("rules key");

    public static TestKey Sentinel { get; } = new("sentinel");

    public static TestKey Minter { get; } = new("minter");

    public static TestKey Owner { get; } = new("owner");

    public static TestKey Gateway { get; } = new("gateway");

    /// <summary>Pays the fees, where there are any.</summary>
    public static TestKey Sponsor { get; } = new("sponsor");

    public static TestKey[] Providers { get; } = [.. Enumerable.Range(0, 4).Select(i => new TestKey($"provider-{i}"))];

    public static TestKey[] Auditors { get; } = [.. Enumerable.Range(0, 2).Select(i => new TestKey($"auditor-{i}"))];

    /// <summary>Links of the first chain of beacons after its tip.</summary>
    public int BeaconLength => ChainLength - 1;

    public GenesisRecord Genesis { get; }

    public LedgerState State { get; }

    public LedgerMachine Machine => _machine;

    public Timestamp Now { get; set; }

    /// <summary>False to walk the whole state only now and then, where many batches are made.</summary>
    public bool Checked { get; set; } = true;

    /// <summary>What auditors committed to, to be shown unchanged.</summary>
    public Dictionary<(TestKey Auditor, ulong Epoch), Verdict[]> Verdicts { get; } = [];

    /// <summary>Every batch applied, as bytes.</summary>
    public List<byte[]> Log { get; } = [];

    public List<LedgerEvent> Events { get; } = [];

    public Hash256 NextBeacon => Beacon(State.Height + 1);

    public Hash256 Beacon(ulong height) => height == State.Network.NextBeaconAt
        ? LaterBeacons[1]
        : State.Network.BeaconFrom is > 0 and var from ? LaterBeacons[height - from] : _beacons[height];

    /// <summary>The chain of beacons that a test renews to.</summary>
    public Hash256[] LaterBeacons { get; set; } = [];

    public static Hash256[] Chain(string secret, int length) =>
        s_chains.GetOrAdd((secret, length), static key => MakeChain(key.Secret, key.Length));

    private static Hash256[] MakeChain(string secret, int length)
    {
        var chain = new Hash256[length];
        chain[^1] = Blake3.Hash("test chain", System.Text.Encoding.UTF8.GetBytes(secret));
        for (var i = length - 2; i >= 0; i--)
            chain[i] = Derived.ChainLink(chain[i + 1]);
        return chain;
    }

    /// <summary>A transaction with the sender's next nonce.</summary>
    public SignedTransaction Sign(TestKey sender, TransactionBody body)
    {
        var nonce = Math.Max(
            _nonces.GetValueOrDefault(sender), State.Accounts.Find(sender.Id)?.Nonce ?? 0);
        _nonces[sender] = nonce + 1;
        var payer = Genesis.Rules.Fee > 0 ? Sponsor : null;
        return SignedTransaction.Sign(
            new Transaction(State.Chain, sender.Id, nonce, Now.After(3_600_000), payer?.Id, body), sender, payer);
    }

    /// <summary>Applies one batch of transactions; each must be charged.</summary>
    public ApplyResult Apply(params SignedTransaction[] transactions)
    {
        var proposal = _machine.Propose(State, transactions, Now, NextBeacon);
        Assert.Empty(proposal.Dropped);
        var bytes = RecordCodec.Encode(proposal.Sign(Producer));
        var result = _machine.Apply(State, RecordCodec.Decode<Batch>(bytes));
        Assert.Equal(BatchRefusal.None, result.Refusal);
        Assert.Equal(proposal.Header.State, State.Root);
        if (Checked)
            Assert.Null(Conservation.Check(State));
        Assert.Null(_books.Enter(RecordCodec.Decode<Batch>(bytes), result, State));
        Log.Add(bytes);
        Events.AddRange(result.Events);
        return result;
    }

    /// <summary>One transaction in a batch of its own; its code.</summary>
    public FailureCode Try(TestKey sender, TransactionBody body) => Apply(Sign(sender, body)).Outcomes[0].Code;

    /// <summary>One transaction that must succeed.</summary>
    public TransactionId Do(TestKey sender, TransactionBody body)
    {
        var outcome = Apply(Sign(sender, body)).Outcomes[0];
        Assert.Equal(FailureCode.None, outcome.Code);
        return outcome.Transaction;
    }

    /// <summary>Makes the empty batches that the ledger asks for now.</summary>
    public void Settle()
    {
        for (var i = 0; NextBatch.IsWanted(State, Now); i++)
        {
            Assert.True(i < 100, "the ledger keeps asking for batches");
            Apply();
        }
    }

    /// <summary>Lets time pass, with the batches that the ledger asks for on the way.</summary>
    public void Pass(long milliseconds)
    {
        var end = Now.After(milliseconds);
        Settle();
        while (NextBatch.WantedAt(State) is { } at && at <= end)
        {
            Now = at > Now ? at : Now;
            Settle();
        }

        Now = end;
    }

    public static NodeId IdOf(string name) => new TestKey(name).Id;

    /// <summary>A hash to stand for some content.</summary>
    public static Hash256 Content(string name) =>
        Blake3.Hash("test content", System.Text.Encoding.UTF8.GetBytes(name));
}
