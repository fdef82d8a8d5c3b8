using System.Diagnostics;
using Starling.Ledger.Applying;
using Starling.Ledger.State;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Bench;

/// <summary>The ledger alone: rules, roots, matching, memory, and signed batches to the disk and back.</summary>
internal sealed class LedgerComparison : IComparison
{
    private const int PerBatch = 1_000;
    private const double WarmSeconds = 2;
    private const double Mebi = 1 << 20;

    public string Name => "ledger";

    public IEnumerable<Row> Run(Settings settings)
    {
        var rounds = settings.Quick ? 3 : 7;
        yield return Median("transfers, rules only, 1 thread, batches of 1,000", "1/s", rounds, () => Rules(w => w.Transfers(PerBatch)), ">= 500000");
        yield return Median("market operations, rules and matching, 1 thread", "1/s", rounds, () => Rules(w => w.Market(PerBatch)), ">= 100000");
        yield return Median("transfers with the state root", "1/s", rounds, Roots, null);
        yield return Median("matching 10,000 orders with 10,000 offers in one batch", "ms", rounds, () => Matching(equal: false), "<= 100");
        yield return Median("the same, all at one price", "ms", rounds, () => Matching(equal: true), "<= 100");
        foreach (var row in Signed(settings))
            yield return row;
        yield return new Row("1,000,000 accounts and 100,000 providers with an offer, live heap", "MiB", Memory(), Target: "<= 2048");
    }

    private static Row Median(string what, string unit, int rounds, Func<double> once, string? target)
    {
        // Long enough for the runtime to compile what is hot once more: a node runs for days.
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < WarmSeconds;)
            once();
        return new Row(what, unit, Statistics.Median(Enumerable.Range(0, rounds).Select(_ => once())), Target: target);
    }

    /// <summary>Operations per second through the rules, for about half a second, without signatures and roots.</summary>
    private static double Rules(Func<LedgerWorld, SignedTransaction[]> make)
    {
        var world = new LedgerWorld(accounts: 10_000, tokens: true);
        var batches = Enumerable.Range(0, 100).Select(_ => make(world)).ToArray();
        GC.Collect();
        var watch = Stopwatch.StartNew();
        foreach (var batch in batches)
            world.Apply(batch);
        return batches.Sum(b => b.Length) / watch.Elapsed.TotalSeconds;
    }

    private static double Roots()
    {
        var world = new LedgerWorld(accounts: 10_000, tokens: true);
        var batches = Enumerable.Range(0, 20).Select(_ => world.Transfers(PerBatch)).ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var batch in batches)
            world.ApplyWithRoot(batch);
        return batches.Sum(b => b.Length) / watch.Elapsed.TotalSeconds;
    }

    private static double Matching(bool equal)
    {
        var world = new LedgerWorld(accounts: 10_000, tokens: true);
        world.Apply(world.Offers(10_000, equal));
        world.Apply(world.Orders(10_000, equal));
        world.Apply([]);
        GC.Collect();
        var watch = Stopwatch.StartNew();
        world.Apply([]);
        var spent = watch.Elapsed.TotalMilliseconds;
        if (world.State.Leases.Count < 9_000)
            throw new InvalidOperationException($"only {world.State.Leases.Count} of 10,000 orders matched");
        return spent;
    }

    private static IEnumerable<Row> Signed(Settings settings)
    {
        var log = SignedLog.Make(batches: settings.Quick ? 10 : 40, PerBatch);
        _ = (log.VerifyAll(), log.Durable(), log.Replay());
        var pairs = Enumerable.Range(0, settings.Quick ? 9 : 15).Select(_ => (Durable: log.Durable(), Replay: log.Replay(), Verify: log.VerifyAll())).ToArray();
        var verify = Statistics.Median(pairs.Select(p => p.Verify));
        yield return new Row(
            "signed transfers verified, applied, rooted and stored, all cores, against verifying alone", "1/s",
            Statistics.Median(pairs.Select(p => p.Durable)), verify, Statistics.Median(pairs.Select(p => p.Durable / p.Verify)), ">= 0.8");
        yield return new Row(
            "replay from bytes with signatures, all cores, against verifying alone", "1/s",
            Statistics.Median(pairs.Select(p => p.Replay)), verify, Statistics.Median(pairs.Select(p => p.Replay / p.Verify)), ">= 0.87 (within 1.15x of its time)");
        yield return Median(
            "replay from bytes, signatures known good, 1 thread", "1/s", 3, log.ReplayKnownGood, ">= 66667 (10^6 in 15 s)");
    }

    private static double Memory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var world = new LedgerWorld(accounts: 1_000_000, tokens: true);
        for (var i = 0; i < 100_000; i += 10_000)
            world.Apply(world.OffersOf(i, 10_000));
        world.Root();
        var spent = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(world);
        return spent / Mebi;
    }
}
