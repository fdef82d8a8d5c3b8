using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

public sealed class TransactionOutboxTests
{
    private static readonly ISigner s_signer = Keys.Signer("worker");
    private static readonly NodeId s_sequencer = Keys.Signer("sequencer").Id;
    private static readonly Timestamp s_start = new(1_000_000);

    private readonly EffectList _effects = new();
    private readonly Dictionary<string, byte[]> _stored = [];
    private TransactionOutbox _outbox = New();

    [Fact]
    public void NoncesFollowEachOtherFromTheAccounts()
    {
        _outbox.AccountNonce(s_start, 7, _effects);
        Submit("a", s_start);
        Submit("b", s_start);
        Assert.Equal([7ul, 8ul], Sent().Select(t => t.Transaction.Nonce));
    }

    [Fact]
    public void OnePurposeIsSentOnce()
    {
        Submit("a", s_start);
        Submit("a", s_start);
        Assert.Single(Sent());
    }

    [Fact]
    public void WhatNoBatchShowsIsSentAgainUnchanged()
    {
        Submit("a", s_start);
        var first = Assert.Single(Sent());
        _outbox.Resend(s_start.After(500), _effects);
        Assert.Empty(Sent());
        _outbox.Resend(s_start.After(1_000), _effects);
        Assert.Equal(first.Id, Assert.Single(Sent()).Id);
    }

    [Fact]
    public void WhatExpiredIsSignedAnewWithTheSameNonce()
    {
        Submit("a", s_start);
        var first = Assert.Single(Sent());
        _outbox.Resend(s_start.After(60_001), _effects);
        var second = Assert.Single(Sent());
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Transaction.Nonce, second.Transaction.Nonce);
    }

    [Fact]
    public void WhatABatchShowsIsForgotten()
    {
        Submit("a", s_start);
        Assert.Equal("a", _outbox.Observe(s_start, Assert.Single(Sent()), applied: true, _effects));
        Keep();
        Assert.Equal(0, _outbox.Count);
        Assert.Empty(_stored);
    }

    [Fact]
    public void ARestartGoesOnWithWhatWasStored()
    {
        Submit("a", s_start);
        var sent = Assert.Single(Sent());
        _outbox = New();
        _outbox.Restore(_stored);
        Submit("a", s_start);
        Assert.Empty(Sent());
        _outbox.Resend(s_start, _effects);
        Assert.Equal(sent.Id, Assert.Single(Sent()).Id);
    }

    [Fact]
    public void ANonceLostToAnotherHolderOfTheKeyIsReplaced()
    {
        Submit("a", s_start);
        Submit("b", s_start);
        Sent();
        _outbox.AccountNonce(s_start, 1, _effects);
        Assert.Equal(2ul, Assert.Single(Sent()).Transaction.Nonce);
        Assert.Equal(2, _outbox.Count);
        Assert.Equal(2, _stored.Count);
    }

    [Fact]
    public void WhatTheLedgerRefusedWaitsLongerEachTime()
    {
        long[] waits = [2_000, 4_000, 8_000];
        var now = s_start;
        foreach (var wait in waits)
        {
            Submit("a", now);
            Assert.Equal("a", _outbox.Observe(now, Assert.Single(Sent()), applied: false, _effects));
            Assert.False(_outbox.Submit(now.After(wait - 1), "a", new Bond(1), _effects));
            now = now.After(wait);
        }
    }

    [Fact]
    public void AFullOutboxRefuses()
    {
        for (var i = 0; i < 64; i++)
            Assert.True(_outbox.Submit(s_start, $"p{i}", new Bond(1), _effects));
        Assert.False(_outbox.Submit(s_start, "one more", new Bond(1), _effects));
    }

    private static TransactionOutbox New() =>
        new(new ChainId(Keys.Hash("chain")), s_signer, s_sequencer, new OutboxSettings());

    private void Submit(string purpose, Timestamp now) => _outbox.Submit(now, purpose, new Bond(1), _effects);

    /// <summary>What was sent since the last call; records are kept as a driver would.</summary>
    private SignedTransaction[] Sent()
    {
        var sent = _effects.Effects.OfType<Send>().Select(s => ((SubmitTransaction)s.Message).Transaction).ToArray();
        Keep();
        return sent;
    }

    private void Keep()
    {
        foreach (var record in _effects.Effects.OfType<StoreRecord>())
            if (record.Value is { } value)
                _stored[record.Key] = value;
            else
                _stored.Remove(record.Key);
        _effects.Clear();
    }
}
