using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Bench;

/// <summary>A ledger state with many accounts, and transactions for it whose signatures nobody checks.</summary>
internal sealed class LedgerWorld
{
    private const ulong Unit = 1_000_000;

    private static readonly Timestamp s_start = new(1_800_000_000_000);

    private readonly NodeId[] _keys;
    private readonly ulong[] _nonces;
    private readonly List<(int Owner, OfferId Offer)> _offers = [];
    private readonly List<(int Owner, JobId Job)> _jobs = [];
    private ulong _random = 1;

    public LedgerWorld(int accounts, bool tokens)
    {
        _keys = [.. Enumerable.Range(0, accounts).Select(Key)];
        _nonces = new ulong[accounts];
        var rules = Rules.Lab with { FairShare = false, VouchRequired = false };
        State = GenesisState.Create(new GenesisRecord(
            "bench", NetworkProfile.Lab, s_start, _keys[0], Hash256.Zero, [], [], rules));
        foreach (var key in _keys)
            State.Accounts.Put(new AccountRecord(key, new(1_000 * Unit), tokens ? new(1_000 * Unit) : default, 0));
        State.Commit(State.NextTree());
    }

    public LedgerState State { get; private set; }

    public static NodeId Key(int index) => new(Blake3.Hash("bench key", BitConverter.GetBytes(index)));

    public SignedTransaction[] Transfers(int count) => Many(count, _ =>
        (Next(_keys.Length), new Transfer(_keys[Next(_keys.Length)], AssetKind.Credit, 1_000)));

    /// <summary>Offers, orders, withdrawals and cancellations in equal parts; orders and offers match on the way.</summary>
    public SignedTransaction[] Market(int count) => Many(count, i =>
    {
        if (i % 4 == 2 && _offers.Count > 2_000)
            return Withdrawal();
        if (i % 4 == 3 && _jobs.Count > 2_000)
            return Cancellation();
        return i % 2 == 0 ? Offer(Next(_keys.Length), (ulong)Next(1_000)) : Order(Next(_keys.Length), (ulong)Next(1_000));
    });

    public SignedTransaction[] Offers(int count, bool equal) =>
        Many(count, i => Offer(i, equal ? 500 : 1 + (ulong)Next(1_000)));

    public SignedTransaction[] OffersOf(int first, int count) => Many(count, i => Offer(first + i, 1 + (ulong)Next(1_000)));

    public SignedTransaction[] Orders(int count, bool equal) => Many(count, i => Order(i, equal ? 500UL : 1_000));

    /// <summary>Through the rules, without signatures and roots.</summary>
    public void Apply(SignedTransaction[] batch)
    {
        BatchRun.Run(Step(), batch);
        State.Commit(StateTree.Empty);
    }

    public void ApplyWithRoot(SignedTransaction[] batch)
    {
        BatchRun.Run(Step(), batch);
        Root();
    }

    public void Root() => State.Commit(State.NextTree());

    private Step Step() => new(
        State, State.Height + 1, s_start.After((long)State.Height), Blake3.Hash("bench beacon", BitConverter.GetBytes(State.Height)),
        Ed25519.Instance, null);

    private (int, TransactionBody) Offer(int who, ulong price) => (who, new PostOffer(
        "cpu", who % 2 == 0 ? "eu" : "us", 1, 1024 + (who % 7), price, s_start.After(3_600_000)));

    private (int, TransactionBody) Order(int who, ulong price) => (who, new OpenJob(
        Hash256.Zero, 1_000, price, 1_000, 1, "cpu", who % 3 == 0 ? "eu" : "", 512, s_start.After(3_600_000),
        Verification.Spot, _keys[who]));

    private (int, TransactionBody) Withdrawal()
    {
        var (owner, offer) = Taken(_offers);
        return (owner, new WithdrawOffer(offer));
    }

    private (int, TransactionBody) Cancellation()
    {
        var (owner, job) = Taken(_jobs);
        return (owner, new CancelJob(job));
    }

    private T Taken<T>(List<T> list)
    {
        var at = Next(list.Count);
        var taken = list[at];
        list[at] = list[^1];
        list.RemoveAt(list.Count - 1);
        return taken;
    }

    private SignedTransaction[] Many(int count, Func<int, (int Who, TransactionBody Body)> make)
    {
        var batch = new SignedTransaction[count];
        for (var i = 0; i < count; i++)
        {
            var (who, body) = make(i);
            var transaction = new Transaction(State.Chain, _keys[who], _nonces[who]++, s_start.After(3_600_000), null, body);
            batch[i] = SignedTransaction.Sign(transaction, new Unsigned(_keys[who]));
            if (body is PostOffer)
                _offers.Add((who, new OfferId(batch[i].Id.Hash)));
            if (body is OpenJob)
                _jobs.Add((who, new JobId(batch[i].Id.Hash)));
        }

        return batch;
    }

    private int Next(int below)
    {
        _random = (_random * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
        return (int)((UInt128)(_random ^ (_random >> 32)) * (ulong)below >> 64);
    }

    private sealed class Unsigned(NodeId id) : ISigner
    {
        private static readonly Signature s_none = new(new byte[Signature.Size]);

        public NodeId Id { get; } = id;

        public Signature Sign(ReadOnlySpan<byte> message) => s_none;
    }
}
