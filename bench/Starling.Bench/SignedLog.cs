using System.Diagnostics;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Ledger.Applying;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Bench;

/// <summary>A log of really signed transfers; every rate is in transactions per second.</summary>
internal sealed class SignedLog
{
    private const ulong Unit = 1_000_000;

    private static readonly Timestamp s_start = new(1_800_000_000_000);

    private readonly GenesisRecord _genesis;
    private readonly byte[][] _bytes;
    private readonly Batch[] _batches;
    private readonly int _count;

    private SignedLog(GenesisRecord genesis, Batch[] batches)
    {
        (_genesis, _batches, _count) = (genesis, batches, batches.Sum(b => b.Transactions.Length));
        _bytes = Array.ConvertAll(batches, RecordCodec.Encode);
    }

    public static SignedLog Make(int batches, int perBatch)
    {
        var producer = Signer(0);
        ISigner[] keys = [.. Enumerable.Range(1, perBatch).Select(Signer)];
        var chain = new Hash256[batches + 1];
        chain[^1] = Blake3.Hash("bench chain", [1]);
        for (var i = batches - 1; i >= 0; i--)
            chain[i] = Derived.ChainLink(chain[i + 1]);
        var genesis = new GenesisRecord(
            "bench", NetworkProfile.Lab, s_start, producer.Id, chain[0], [],
            [.. keys.Select(k => new GenesisAccount(k.Id, 1_000 * Unit, 0, 0))], Rules.Lab);
        var (machine, state) = (new LedgerMachine(Ed25519.Instance), GenesisState.Create(genesis));
        var made = new Batch[batches];
        for (var i = 0; i < batches; i++)
        {
            var transactions = new SignedTransaction[perBatch];
            for (var k = 0; k < perBatch; k++)
            {
                var to = keys[(k + i + 1) % perBatch].Id;
                transactions[k] = SignedTransaction.Sign(new Transaction(
                    state.Chain, keys[k].Id, (ulong)i, s_start.After(3_600_000), null, new Transfer(to, AssetKind.Credit, 1_000)), keys[k]);
            }

            made[i] = machine.Propose(state, transactions, s_start.After(i), chain[i + 1]).Sign(producer);
            machine.Apply(state, made[i], signaturesKnownGood: true);
        }

        return new SignedLog(genesis, made);
    }

    /// <summary>Signatures alone, on all cores.</summary>
    public double VerifyAll()
    {
        var watch = Stopwatch.StartNew();
        foreach (var batch in _batches)
            Verify(batch);
        return _count / watch.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// What a node does with batches that come in: checks, applies and stores them. What was applied while the disk was
    /// busy shares the next write, as the inputs of one step of a node do.
    /// </summary>
    public double Durable()
    {
        var folder = Directory.CreateTempSubdirectory("starling-bench");
        try
        {
            using var store = SqliteNodeStore.Open(Path.Combine(folder.FullName, "node.db"));
            var (gathered, writing) = (new StoreChanges(), Task.CompletedTask);
            return Pipeline(_batches, static b => b, Store, () =>
            {
                writing.GetAwaiter().GetResult();
                store.Commit(gathered);
            });

            void Store(Batch batch)
            {
                gathered.Batches.Add(batch);
                if (!writing.IsCompleted)
                    return;
                writing.GetAwaiter().GetResult();
                var changes = gathered;
                gathered = new StoreChanges();
                writing = Task.Run(() => store.Commit(changes));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What a replica does with a stored log: decodes, checks and applies.</summary>
    public double Replay() => Pipeline(_bytes, static b => RecordCodec.Decode<Batch>(b), static _ => { }, static () => { });

    public double ReplayKnownGood()
    {
        var (machine, state) = (new LedgerMachine(Ed25519.Instance), GenesisState.Create(_genesis));
        var watch = Stopwatch.StartNew();
        foreach (var bytes in _bytes)
            Applied(machine.Apply(state, RecordCodec.Decode<Batch>(bytes), signaturesKnownGood: true));
        return _count / watch.Elapsed.TotalSeconds;
    }

    private double Pipeline<T>(T[] items, Func<T, Batch> read, Action<Batch> store, Action end)
    {
        var (machine, state) = (new LedgerMachine(Ed25519.Instance), GenesisState.Create(_genesis));
        var watch = Stopwatch.StartNew();
        foreach (var (batch, good) in CheckedBatches.Ahead(items, read, Ed25519.Instance))
        {
            if (!good)
                throw new InvalidOperationException("a good signature does not hold");
            Applied(machine.Apply(state, batch, signaturesKnownGood: true));
            store(batch);
        }

        end();
        return _count / watch.Elapsed.TotalSeconds;
    }

    private static void Verify(Batch batch) => Parallel.For(0, batch.Transactions.Length, i =>
    {
        if (!batch.Transactions[i].Verify(Ed25519.Instance))
            throw new InvalidOperationException("a good signature does not hold");
    });

    private static void Applied(ApplyResult result)
    {
        if (!result.Applied)
            throw new InvalidOperationException($"a good batch is refused: {result.Refusal}");
    }

    private static ISigner Signer(int index) => Ed25519.SignerFromSeed(Blake3.Hash("bench seed", BitConverter.GetBytes(index)).ToArray());
}
