using Starling.Cli.Sessions;
using Starling.Client.Contract;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Cli.Running;

/// <summary>Brings a job's blobs to the gateway and signs its order.</summary>
internal static class JobSubmission
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromDays(7);
    private static readonly TimeSpan s_validity = TimeSpan.FromMinutes(10);

    public static async Task<string> Open(
        Session session, PreparedJob job, JobTerms terms, NetworkInfo network, ISigner owner, CancellationToken cancel)
    {
        await Put(session, job.Dataset, cancel);
        if (job.Init is { } init)
            await Put(session, init, cancel);
        await Put(session, job.SpecBytes, cancel);
        var now = TimeProvider.System.GetUtcNow();
        var resources = job.Spec.Job.Resources;
        var order = new OpenJob(
            Blake3.Hash(job.SpecBytes), job.Quote.Work * (ulong)job.Spec.Job.Copies, terms.Price, terms.Most,
            job.Spec.Train.Workers * job.Spec.Job.Copies, resources.Capability, resources.Region,
            job.Quote.MemoryMiB, At(now + s_deadline), job.Spec.Job.Verify, Node(network.Gateway))
        {
            Quorum = (ulong)job.Spec.Job.Quorum,
        };
        var opened = await session.Client.Submit(await Sign(session, order, network, owner, cancel), cancel);
        return opened.Job;
    }

    /// <summary>Signs with the account's next nonce.</summary>
    public static async Task<SignedTransaction> Sign(
        Session session, TransactionBody body, NetworkInfo network, ISigner owner, CancellationToken cancel)
    {
        var account = await session.Client.Account(owner.Id.ToString(), cancel);
        if (!Hash256.TryParse(network.Chain, out var chain))
            throw new InvalidDataException($"the network names itself '{network.Chain}', which is no chain id");
        var until = At(TimeProvider.System.GetUtcNow() + s_validity);
        return SignedTransaction.Sign(
            new Transaction(new ChainId(chain.Value), owner.Id, account.Nonce, until, null, body), owner);
    }

    private static async Task Put(Session session, byte[] bytes, CancellationToken cancel)
    {
        var content = ContentId.Of(bytes);
        if (!await session.Client.HasBlob(content, cancel))
            await session.Client.PutBlob(content, new MemoryStream(bytes), cancel);
    }

    private static NodeId Node(string id) =>
        NodeId.TryParse(id, out var node) ? node.Value : throw new InvalidDataException($"'{id}' is no node");

    private static Timestamp At(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());
}
