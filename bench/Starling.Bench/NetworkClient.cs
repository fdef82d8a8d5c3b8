using Starling.Client;
using Starling.Client.Contract;
using Starling.Programs.Jobs;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Bench;

/// <summary>Gives jobs to a network of this process behind its public API, and pays for them.</summary>
internal sealed class NetworkClient(Uri address, ISigner owner) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public StarlingClient Api { get; } = new(address);

    public void Dispose() => Api.Dispose();

    /// <summary>An example with lines replaced, pinned.</summary>
    public static (JobSpec Spec, byte[] Dataset) Example(string name, Func<string, string> change)
    {
        var path = Path.Combine(PeerProcess.Root(), "examples", name);
        var dataset = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, "data", "tinyshakespeare.txt"));
        var parse = JobFile.Parse(change(File.ReadAllText(path)), path);
        var spec = parse.Pin(dataset).Spec
            ?? throw new InvalidOperationException(string.Join("; ", parse.Errors.Select(e => e.Describe(path))));
        return (spec, dataset);
    }

    /// <summary>Stores what the job needs; gives its order, signed, on the offers that stand.</summary>
    public async Task<SignedTransaction> Order(JobSpec spec, byte[] dataset, Func<Task<NetworkInfo>> when)
    {
        var bytes = RecordCodec.Encode(spec);
        await Put(dataset);
        await Put(bytes);
        var view = await when();
        var quote = Programs.Plans.Plan.Create(spec).Quote();
        var price = view.Offers.Max(o => o.Price);
        var escrow = (ulong)((UInt128)quote.Work * price * 4 / 1_000_000_000) + 1_000;
        NodeId.TryParse(view.Gateway, out var gateway);
        return await Sign(view, new OpenJob(
            Blake3.Hash(bytes), quote.Work, price, escrow, spec.Train.Workers, spec.Job.Resources.Capability,
            spec.Job.Resources.Region, quote.MemoryMiB, In(TimeSpan.FromDays(1)), spec.Job.Verify, gateway!.Value));
    }

    public async Task<SignedTransaction> Sign(NetworkInfo view, TransactionBody body)
    {
        var account = await Api.Account(owner.Id.ToString());
        Hash256.TryParse(view.Chain, out var chain);
        var transaction = new Transaction(
            new ChainId(chain!.Value), owner.Id, account.Nonce, In(TimeSpan.FromMinutes(10)), null, body);
        return SignedTransaction.Sign(transaction, owner);
    }

    /// <summary>Every slot free, and no batch made for a while: nothing of the last job is left to do.</summary>
    public async Task<NetworkInfo> Idle(int providers)
    {
        ulong last = 0;
        return await Until(v =>
        {
            var quiet = v.Height == last && v.Offers.Count == providers && v.Offers.All(o => o.FreeSlots == o.Slots);
            last = v.Height;
            return quiet;
        });
    }

    public async Task<NetworkInfo> Until(Func<NetworkInfo, bool> done)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            var view = await Api.Network(patience.Token);
            if (done(view))
                return view;
            await Task.Delay(100, patience.Token);
        }
    }

    private async Task Put(byte[] bytes)
    {
        var content = ContentId.Of(bytes);
        if (!await Api.HasBlob(content))
            await Api.PutBlob(content, new MemoryStream(bytes));
    }

    private static Timestamp In(TimeSpan span) => new((DateTimeOffset.UtcNow + span).ToUnixTimeMilliseconds());
}
