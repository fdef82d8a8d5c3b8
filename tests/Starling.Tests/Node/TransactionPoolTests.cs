using Starling.Node.Messages;
using Starling.Node.Roles.Sequencing;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

public sealed class TransactionPoolTests
{
    private static readonly Timestamp s_now = new(1_000);
    private static readonly ISigner s_ann = Keys.Signer("ann");
    private static readonly ISigner s_bob = Keys.Signer("bob");

    private readonly TransactionPool _pool = new(new PoolLimits(Transactions: 5, PerSender: 3, Bytes: 1 << 20));

    [Fact]
    public void NoncesComeOutInOrderWithoutGaps()
    {
        Add(s_ann, 2);
        Add(s_ann, 0);
        Assert.Equal([0ul], Next());
        Add(s_ann, 1);
        Assert.Equal([0ul, 1ul, 2ul], Next());
    }

    [Fact]
    public void AGapAloneIsNotReady()
    {
        Add(s_ann, 1);
        Assert.False(_pool.HasReady(_ => 0));
        Add(s_ann, 0);
        Assert.True(_pool.HasReady(_ => 0));
    }

    [Fact]
    public void EveryRefusalHasItsReason()
    {
        Assert.Equal(SubmitRefusal.NonceUsed, _pool.Add(Sign(s_ann, 0), next: 1));
        Assert.Equal(SubmitRefusal.NonceTooFar, _pool.Add(Sign(s_ann, 4), next: 1));
        for (var nonce = 0ul; nonce < 3; nonce++)
        {
            Add(s_ann, nonce);
            if (nonce < 2)
                Add(s_bob, nonce);
        }

        Assert.Equal(SubmitRefusal.PoolFull, _pool.Add(Sign(s_bob, 2), next: 0));
    }

    [Fact]
    public void ASenderThatHasItsShareGetsNoMore()
    {
        for (var nonce = 0ul; nonce < 3; nonce++)
            Add(s_ann, nonce);
        Assert.Equal(SubmitRefusal.SenderFull, _pool.Add(Sign(s_ann, 3), next: 1));
    }

    [Fact]
    public void TheSameTransactionTwiceIsHarmless()
    {
        Add(s_ann, 0);
        Add(s_ann, 0);
        Assert.Equal(1, _pool.Count);
    }

    [Fact]
    public void ALaterSignatureReplacesTheOneThatExpires()
    {
        Add(s_ann, 0);
        Assert.Null(_pool.Add(Sign(s_ann, 0, validUntil: 9_000), next: 0));
        Assert.Single(_pool.Next(new Timestamp(8_000), _ => 0));
    }

    [Fact]
    public void ExpiredTransactionsNeverComeOut()
    {
        Add(s_ann, 0);
        Assert.Empty(_pool.Next(new Timestamp(5_001), _ => 0));
        Assert.Equal(0, _pool.Count);
    }

    [Fact]
    public void WhatABatchHoldsLeavesThePool()
    {
        Add(s_ann, 0);
        Add(s_ann, 1);
        _pool.Included([Sign(s_ann, 0)]);
        Assert.Equal(1, _pool.Count);
    }

    private static SignedTransaction Sign(ISigner sender, ulong nonce, long validUntil = 5_000) => SignedTransaction.Sign(
        new Transaction(new ChainId(Keys.Hash("chain")), sender.Id, nonce, new Timestamp(validUntil), null, new Bond(1)),
        sender);

    private void Add(ISigner sender, ulong nonce) => Assert.Null(_pool.Add(Sign(sender, nonce), next: 0));

    private ulong[] Next() => [.. _pool.Next(s_now, _ => 0).Select(t => t.Transaction.Nonce)];
}
