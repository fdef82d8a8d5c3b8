using Starling.Ledger.Applying;
using Starling.Ledger.Checking;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Ledger;

/// <summary>A ledger driven through its rules alone, without headers and roots: many operations in little time.</summary>
internal sealed class DirectWorld
{
    private readonly Dictionary<TestKey, ulong> _nonces = [];
    private readonly Books _books;

    public DirectWorld(GenesisRecord genesis)
    {
        State = GenesisState.Create(genesis);
        Now = genesis.Start;
        _books = new Books(genesis);
    }

    public LedgerState State { get; }

    public Timestamp Now { get; set; }

    public SignedTransaction Sign(TestKey sender, TransactionBody body)
    {
        var nonce = Math.Max(_nonces.GetValueOrDefault(sender), State.Accounts.Find(sender.Id)?.Nonce ?? 0);
        _nonces[sender] = nonce + 1;
        return SignedTransaction.Sign(
            new Transaction(State.Chain, sender.Id, nonce, Now.After(3_600_000), null, body), sender);
    }

    /// <summary>One batch; the independent books must agree.</summary>
    public IReadOnlyList<Outcome> Apply(params SignedTransaction[] transactions)
    {
        var (outcomes, batch, result) = Run(transactions);
        Assert.Null(_books.Enter(batch, result, State));
        State.Commit(StateTree.Empty);
        _nonces.Clear();
        return outcomes;
    }

    public void CheckAll()
    {
        Assert.Null(Conservation.Check(State));
        Assert.Null(_books.CompareAll(State));
    }

    /// <summary>One batch that can still be undone.</summary>
    public (Outcome[] Outcomes, Batch Batch, ApplyResult Result) Run(params SignedTransaction[] transactions)
    {
        var height = State.Height + 1;
        var beacon = Blake3.Hash("direct beacon", BitConverter.GetBytes(height));
        var step = new Step(State, height, Now, beacon, TestKey.Scheme, null);
        var (outcomes, before) = BatchRun.Run(step, transactions);
        var header = new BatchHeader(
            State.Chain, height, Hash256.Zero, Now, Hash256.Zero, Hash256.Zero, Hash256.Zero, beacon, TestNetwork.Producer.Id);
        var batch = new Batch(SignedHeader.Sign(header, TestNetwork.Producer), transactions);
        return (outcomes, batch, new ApplyResult(BatchRefusal.None, outcomes, step.Events, before));
    }
}
