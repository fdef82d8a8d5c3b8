using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;

namespace Starling.Simulation.Market;

/// <summary>
/// The true ledger under virtual time: every batch is proposed, signed and applied with its roots, as on a network. A
/// batch is made when somebody has something to say, or when the ledger wants one.
/// </summary>
public sealed class MarketLedger
{
    private const int BeaconLength = 1 << 18;

    private static readonly HashChain s_beacons = new(Blake3.Hash("market beacon"u8), BeaconLength);

    private readonly LedgerMachine _machine = new(FastSignatures.Instance, CheapProgram.Instance);
    private readonly HashChain _beacons = s_beacons.Copy();
    private readonly ISigner _producer = Key("producer");
    private readonly Dictionary<NodeId, ulong> _nonces = [];
    private readonly List<SignedTransaction> _waiting = [];
    private Timestamp? _wake;

    public MarketLedger(Rules rules, IEnumerable<GenesisAccount> accounts)
    {
        Genesis = new GenesisRecord(
            "market", NetworkProfile.Local, new Timestamp(1_800_000_000_000), _producer.Id, s_beacons.Tip, [],
            [.. accounts], rules);
        State = GenesisState.Create(Genesis);
        Now = Genesis.Start;
    }

    public GenesisRecord Genesis { get; }

    public LedgerState State { get; }

    public Timestamp Now { get; private set; }

    /// <summary>Told what every batch brought about.</summary>
    public Action<LedgerEvent>? Happened { get; set; }

    /// <summary>Told what the ledger refused; true where the sender can live with it. Else nothing that opens work may be.</summary>
    public Func<SignedTransaction, FailureCode, bool>? Refused { get; set; }

    /// <summary>Whether anything is to go into a batch now.</summary>
    public bool IsDue(Timestamp now) => _waiting.Count > 0 || NextBatch.WantedAt(State) <= now;

    public static ISigner Key(string name) => FastSignatures.Signer(Blake3.Hash(System.Text.Encoding.UTF8.GetBytes(name)));

    /// <summary>Goes into the next batch.</summary>
    public TransactionId Send(ISigner sender, TransactionBody body)
    {
        if (!_nonces.TryGetValue(sender.Id, out var nonce))
            nonce = State.Accounts.Find(sender.Id)?.Nonce ?? 0;
        _nonces[sender.Id] = nonce + 1;
        var signed = SignedTransaction.Sign(
            new Transaction(State.Chain, sender.Id, nonce, Now.After(3_600_000), null, body), sender, null);
        _waiting.Add(signed);
        return signed.Id;
    }

    /// <summary>Somebody means to say something at this time.</summary>
    public void WakeAt(Timestamp time) => _wake = _wake < time ? _wake : time;

    /// <summary>One batch of what waits; false, and time moves on, when nothing waited.</summary>
    public bool Step()
    {
        if (_waiting.Count > 0)
        {
            Now = Now.After(1);
            Apply();
            return true;
        }

        var wanted = NextBatch.WantedAt(State) ?? _wake ?? throw new InvalidOperationException("nothing will ever happen again");
        if (_wake < wanted)
            wanted = _wake.Value;
        _wake = null;
        Now = wanted > Now ? wanted : Now;
        Apply();
        return false;
    }

    /// <summary>A batch of what waits, at a time that is not before the last; gives the number of its transactions.</summary>
    public int StepAt(Timestamp now)
    {
        Now = now;
        return Apply();
    }

    private int Apply()
    {
        var sent = _waiting.Take(Limits.BatchTransactions).ToArray();
        _waiting.RemoveRange(0, sent.Length);
        var proposal = _machine.Propose(State, sent, Now, _beacons[State.Height + 1]);
        if (proposal.Dropped.Count > 0)
            throw new InvalidOperationException($"a transaction was dropped: {proposal.Dropped[0].Code}");
        var result = _machine.Apply(State, proposal.Sign(_producer));
        if (!result.Applied)
            throw new InvalidOperationException($"a batch was refused: {result.Refusal}");
        for (var i = 0; i < sent.Length; i++)
            if (!result.Outcomes[i].Succeeded && Refused?.Invoke(sent[i], result.Outcomes[i].Code) != true
                && sent[i].Transaction.Body is IssueTasks or PostOffer or OpenJob or EnrolAuditor)
                throw new InvalidOperationException($"{sent[i].Transaction.Body} failed: {result.Outcomes[i].Code}");
        foreach (var happened in result.Events)
            Happened?.Invoke(happened);
        return sent.Length;
    }
}
