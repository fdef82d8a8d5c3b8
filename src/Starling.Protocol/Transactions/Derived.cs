using System.Buffers.Binary;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>Ids and commitments that follow from other values; each has a domain of its own.</summary>
public static class Derived
{
    /// <summary>protocol.md, 2: the id of a task follows from its job, its node and its parents' result roots.</summary>
    public static TaskId TaskId(JobId job, string node, ReadOnlySpan<Hash256> parentRoots)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(node);
        var bytes = new byte[Hash256.Size + 4 + name.Length + (parentRoots.Length * Hash256.Size)];
        job.Hash.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Hash256.Size), name.Length);
        name.CopyTo(bytes.AsSpan(Hash256.Size + 4));
        Concatenate(parentRoots, bytes.AsSpan(Hash256.Size + 4 + name.Length));
        return new TaskId(Blake3.Hash("task id", bytes));
    }

    /// <summary>protocol.md, 1: the outer commitment is salted and names its worker, so that it cannot be copied.</summary>
    public static Hash256 Commitment(
        ChainId chain, TaskId task, int attempt, NodeId worker, Hash256 salt, Hash256 root) =>
        Hash("result commitment", [chain.Hash, task.Hash, worker.Key, salt, root], attempt);

    /// <summary>What binds an auditor, or a challenger, to a verdict before it is shown.</summary>
    public static Hash256 VerdictsCommitment(
        ChainId chain, ulong epoch, NodeId auditor, Hash256 salt, ReadOnlySpan<Verdict> verdicts)
    {
        var hashes = new Hash256[3 + (2 * verdicts.Length)];
        (hashes[0], hashes[1], hashes[2]) = (chain.Hash, auditor.Key, salt);
        for (var i = 0; i < verdicts.Length; i++)
        {
            hashes[3 + (2 * i)] = Hash("verdict", [verdicts[i].Task.Hash], verdicts[i].Attempt);
            hashes[4 + (2 * i)] = verdicts[i].Root;
        }

        return Hash("verdicts commitment", hashes, checked((long)epoch));
    }

    /// <summary>The commitment of a challenge that nobody was drawn for.</summary>
    public static Hash256 ChallengeCommitment(ChainId chain, NodeId challenger, Hash256 salt, Verdict verdict) =>
        Hash("challenge commitment", [chain.Hash, challenger.Key, salt, verdict.Task.Hash, verdict.Root], verdict.Attempt);

    /// <summary>What binds the sentinels to a planted error before its task is given to anyone.</summary>
    public static Hash256 PlantCommitment(ChainId chain, TaskId task, Hash256 salt) =>
        Hash("plant commitment", [chain.Hash, task.Hash, salt], 0);

    public static DisputeId DisputeId(TaskId task, int attempt, NodeId challenger) =>
        new(Hash("dispute id", [task.Hash, challenger.Key], attempt));

    /// <summary>What binds a bidder to its bid before it is shown.</summary>
    public static Hash256 BidCommitment(
        ChainId chain, AuctionId auction, NodeId bidder, OfferId offer, ulong perSecond, Hash256 salt) =>
        Hash("bid commitment", [chain.Hash, auction.Hash, bidder.Key, offer.Hash, salt], unchecked((long)perSecond));

    /// <summary>The id under which a worker's answers of one interval are audited.</summary>
    public static TaskId AnswersTask(JobId endpoint, NodeId worker, ulong interval) =>
        new(Hash("answers task", [endpoint.Hash, worker.Key], unchecked((long)interval)));

    /// <summary>
    /// What a gateway signs for a chunk: in all of an interval it owes so much to the channel's payee, who has shown it
    /// this running root (protocol.md, 22).
    /// </summary>
    public static Hash256 AnswerVoucher(
        ChainId chain, ChannelId channel, JobId endpoint, ulong interval, ulong micro, Hash256 root) => Hash(
        "answer voucher",
        [chain.Hash, channel.Hash, endpoint.Hash, Hash("answer interval", [], unchecked((long)interval)), root],
        unchecked((long)micro));

    internal static Hash256 Chunk(
        ChainId chain, JobId endpoint, Hash256 request, ulong interval, int index, Hash256 root) => Hash(
        "signed chunk",
        [chain.Hash, endpoint.Hash, request, Hash("answer interval", [], unchecked((long)interval)), root], index);

    internal static Hash256 Beat(ChainId chain, MachineLeaseId lease, ulong number) =>
        Hash("heartbeat", [chain.Hash, lease.Hash], unchecked((long)number));

    internal static Hash256 Voucher(ChainId chain, ChannelId channel, NodeId key, ulong period, ulong micro) => Hash(
        "voucher", [chain.Hash, channel.Hash, key.Key, Hash("voucher period", [], unchecked((long)period))],
        unchecked((long)micro));

    /// <summary>One link of a hash chain, for beacons and auditors' seeds: the next link is shown later.</summary>
    public static Hash256 ChainLink(Hash256 preimage) => Hash("chain link", [preimage], 0);

    private static Hash256 Hash(string domain, ReadOnlySpan<Hash256> hashes, long number)
    {
        var bytes = new byte[(hashes.Length * Hash256.Size) + 8];
        Concatenate(hashes, bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(hashes.Length * Hash256.Size), number);
        return Blake3.Hash(domain, bytes);
    }

    private static void Concatenate(ReadOnlySpan<Hash256> hashes, Span<byte> destination)
    {
        for (var i = 0; i < hashes.Length; i++)
            hashes[i].CopyTo(destination[(i * Hash256.Size)..]);
    }
}
