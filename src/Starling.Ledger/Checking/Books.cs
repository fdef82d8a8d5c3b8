using System.Numerics;
using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Checking;

/// <summary>
/// Double-entry books kept beside the ledger in numbers without bound, by separate and simple code: who must hold what
/// follows from genesis, the transactions and the events. It decides by itself which envelopes and transfers are good.
/// </summary>
public sealed class Books
{
    private readonly Dictionary<NodeId, Account> _accounts = [];
    private readonly Dictionary<JobId, (NodeId Owner, BigInteger Pot)> _jobs = [];
    private readonly Dictionary<ChannelId, BigInteger> _channels = [];
    private readonly Dictionary<AuctionId, BigInteger> _auctions = [];
    private readonly Dictionary<Protocol.Hashing.Hash256, BigInteger> _requests = [];
    private readonly HashSet<NodeId> _touched = [];
    private readonly SortedDictionary<ulong, Rules> _announced = [];
    private readonly GenesisRecord _genesis;
    private Rules _rules;
    private BigInteger _sentinels, _price, _creditsBurned, _creditsIssued, _tokensIssued;

    public Books(GenesisRecord genesis)
    {
        _genesis = genesis;
        _rules = genesis.Rules;
        foreach (var change in genesis.Changes)
            _announced.Add(change.Height, change.Rules);
        _price = genesis.Rules.Fee;
        _tokensIssued = genesis.Rules.EarnInVault;
        foreach (var account in genesis.Accounts)
        {
            _accounts[account.Id] = new Account { Credits = account.Credits, Tokens = account.Tokens };
            _creditsIssued += account.Credits;
            _tokensIssued += (BigInteger)account.Tokens + account.Bond;
        }
    }

    /// <summary>Enters a batch that was applied; the first difference to the state after it, in words, or null.</summary>
    public string? Enter(Batch batch, ApplyResult result, LedgerState after)
    {
        _touched.Clear();
        var header = batch.Header.Header;
        var rules = _rules = _announced.Remove(header.Height, out var change) ? change : _rules;
        var (next, weight) = (0, BigInteger.Zero);
        for (var i = 0; i < batch.Transactions.Length; i++)
        {
            for (; next < result.EventsBefore[i]; next++)
            {
                if (Enter(result.Events[next]) is { } wrong)
                    return wrong;
            }

            var signed = batch.Transactions[i];
            var code = result.Outcomes[i].Code;
            if (Envelope(signed, header, rules) is var expected && expected != (code < FailureCode.Overflow ? code : FailureCode.None))
                return $"transaction {signed.Id}: {code}, its envelope says {expected}";
            if (expected != FailureCode.None)
                continue;
            weight += TransactionWeight.Of(signed);
            if (Body(signed, code, rules) is { } problem)
                return $"transaction {signed.Id}: {problem}";
        }

        for (; next < result.Events.Count; next++)
        {
            if (Enter(result.Events[next]) is { } wrong)
                return wrong;
        }

        _price = NextPrice(rules, _price, weight);
        return Compare(after, _touched);
    }

    /// <summary>Compares every account, whether or not it was touched lately.</summary>
    public string? CompareAll(LedgerState state) =>
        Compare(state, [.. _accounts.Keys, .. state.Accounts.InOrder().Select(static a => a.Id)]);

    private static BigInteger NextPrice(Rules rules, BigInteger price, BigInteger weight)
    {
        var target = BigInteger.Max(rules.TargetWeight, 1);
        var next = weight > target
            ? price + BigInteger.Max(1, price * (weight - target) / target / 8)
            : price - (price * (target - weight) / target / 8);
        return BigInteger.Max(rules.Fee, BigInteger.Min(next, BigInteger.Max(rules.Fee, rules.FeeCeiling)));
    }

    private string? Compare(LedgerState state, HashSet<NodeId> which)
    {
        foreach (var id in which)
        {
            var mine = Of(id);
            var theirs = state.Accounts.Find(id);
            var held = theirs is null
                ? (BigInteger.Zero, BigInteger.Zero, BigInteger.Zero)
                : ((BigInteger)theirs.Credits.Micro, (BigInteger)theirs.Tokens.Micro, (BigInteger)theirs.Nonce);
            if (held != (mine.Credits, mine.Tokens, mine.Nonce))
                return $"account {id}: credits, tokens, nonce {held}, the log says {(mine.Credits, mine.Tokens, mine.Nonce)}";
        }

        if (state.Rules != _rules || state.RuleBook.Next.Length != _announced.Count)
            return "other rules are in force or announced than the log says";
        var network = state.Network;
        if (network.Price != _price)
            return $"the price of weight is {network.Price}, the log says {_price}";
        if (network.CreditsBurned.Micro != (UInt128)_creditsBurned)
            return $"{network.CreditsBurned.Micro} micro-credits burned, the log says {_creditsBurned}";
        return network.CreditsIssued.Micro == (UInt128)_creditsIssued && network.TokensIssued.Micro == (UInt128)_tokensIssued
            ? null
            : "the supply is not what was minted";
    }

    private FailureCode Envelope(SignedTransaction signed, BatchHeader header, Rules rules)
    {
        var (t, now) = (signed.Transaction, header.Time.Milliseconds);
        if (t.Chain != header.Chain)
            return FailureCode.WrongChain;
        if (t.ValidUntil.Milliseconds < now)
            return FailureCode.Expired;
        if (t.ValidUntil.Milliseconds - (BigInteger)now > rules.LongestValidMs)
            return FailureCode.ValidTooLong;
        var sender = Of(t.Sender);
        if (t.Nonce != sender.Nonce)
            return t.Nonce < sender.Nonce ? FailureCode.NonceUsed : FailureCode.NonceTooHigh;
        var fee = _price * TransactionWeight.Of(signed);
        if (fee > t.MostFee)
            return FailureCode.FeeAboveLimit;
        var payer = Of(t.FeePayer ?? t.Sender);
        if (payer.Credits < fee)
            return FailureCode.FeeUnpaid;
        payer.Credits -= fee;
        _creditsBurned += fee;
        sender.Nonce++;
        return FailureCode.None;
    }

    /// <summary>What a body itself moves. Money of others moves by events.</summary>
    private string? Body(SignedTransaction signed, FailureCode code, Rules rules)
    {
        var (sender, body) = (Of(signed.Transaction.Sender), signed.Transaction.Body);
        var expected = body switch
        {
            Transfer b => Move(signed.Transaction.Sender, b.To, b.Asset, b.Micro, rules, mint: false),
            Mint b => Move(signed.Transaction.Sender, b.To, b.Asset, b.Micro, rules, mint: true),
            _ => code,
        };
        if (expected != code)
            return $"{code}, the books say {expected}";
        if (code != FailureCode.None)
            return null;
        switch (body)
        {
            case AnnounceRules b:
                _announced[b.Change.Height] = b.Change.Rules;
                return null;
            case Bond b:
                return Take(sender, 0, b.Micro);
            case DelegateStake b:
                return Take(sender, 0, b.Micro);
            case OpenJob b:
                _jobs.Add(new JobId(signed.Id.Hash), (signed.Transaction.Sender, b.Escrow));
                return Take(sender, b.Escrow, 0);
            case TopUpJob b:
                _jobs[b.Job] = (_jobs[b.Job].Owner, _jobs[b.Job].Pot + b.Micro);
                return Take(sender, b.Micro, 0);
            case OpenChannel b:
                _channels.Add(new ChannelId(signed.Id.Hash), b.Micro);
                return Take(sender, b.Micro, 0);
            case TopUpChannel b:
                _channels[b.Channel] += b.Micro;
                return Take(sender, b.Micro, 0);
            case FundSentinels b:
                _sentinels += b.Micro;
                return Take(sender, b.Micro, 0);
            case OpenChunks b:
                var price = (BigInteger)rules.ChunkPrice * b.Count;
                _requests.Add(signed.Id.Hash, price);
                return Take(sender, price, 0);
            case FundRent b:
                return Take(sender, b.Micro, 0);
            case WithdrawRent b:
                return Take(sender, -(BigInteger)b.Micro, 0);
            case OpenAuction:
                _auctions.Add(new AuctionId(signed.Id.Hash), rules.AuctionDeposit);
                return Take(sender, rules.AuctionDeposit, 0);
            case CommitBid b:
                _auctions[b.Auction] += b.Bond;
                return Take(sender, b.Bond, 0);
            default:
                return null;
        }
    }

    private FailureCode Move(NodeId from, NodeId to, AssetKind asset, BigInteger micro, Rules rules, bool mint)
    {
        if (micro == 0)
            return FailureCode.ZeroAmount;
        if (mint && !_genesis.Minters.Contains(from))
            return FailureCode.NotAllowed;
        var credits = asset == AssetKind.Credit;
        if (mint && (credits ? _creditsIssued : _tokensIssued) + micro > rules.MaxSupply)
            return FailureCode.SupplyExceeded;
        var held = credits ? Of(from).Credits : Of(from).Tokens;
        if (!mint && held < micro)
            return credits ? FailureCode.CreditsShort : FailureCode.TokensShort;
        var got = (credits ? Of(to).Credits : Of(to).Tokens) + (from == to && !mint ? 0 : micro);
        bool Dust(BigInteger balance) => balance > 0 && balance < rules.MinBalance;
        if (Dust(got) || (!mint && from != to && Dust(held - micro)))
            return FailureCode.BelowMinimum;
        if (!mint)
            Give(from, credits ? -micro : 0, credits ? 0 : -micro);
        else if (credits)
            _creditsIssued += micro;
        else
            _tokensIssued += micro;
        Give(to, credits ? micro : 0, credits ? 0 : micro);
        return FailureCode.None;
    }

    private string? Enter(LedgerEvent happened)
    {
        switch (happened)
        {
            case Paid e:
                Give(e.To, Value(e.Amount), 0);
                return Spend(e.Job, Value(e.Amount));
            case RewardsShared e:
                return Spend(e.Job, Value(e.Amount));
            case EarnedIn e:
                return Spend(e.Job, Value(e.Paid));
            case JobClosed e:
                var (owner, pot) = _jobs[e.Job];
                if (pot != Value(e.Refunded))
                    return $"job {e.Job}: {e.Refunded} came back, {pot} were left";
                _jobs.Remove(e.Job);
                Give(owner, pot, 0);
                return null;
            case PlantPaid e:
                Give(e.To, Value(e.Amount), 0);
                _sentinels -= Value(e.Amount);
                return _sentinels < 0 ? "planted errors paid more than their pool holds" : null;
            case PlantLapsed e:
                _creditsBurned += Value(e.Burned);
                _sentinels -= Value(e.Burned);
                return _sentinels < 0 ? "planted errors cost more than their pool holds" : null;
            case ChunksClosed e:
                Give(e.To, Value(e.Amount), 0);
                return _requests.Remove(e.Request, out var locked) && locked == Value(e.Amount)
                    ? null
                    : $"request {e.Request}: {e.Amount} came back, {locked} were locked";
            case GrantPaid e:
                Give(e.To, Value(e.Amount), 0);
                _creditsIssued += Value(e.Amount);
                return null;
            case RewardsClaimed e:
                Give(e.Member, Value(e.Amount), 0);
                return null;
            case Compensated e:
                Give(e.To, 0, (BigInteger)e.Amount.Micro);
                return null;
            case Unbonded e:
                Give(e.Who, 0, (BigInteger)e.Amount.Micro);
                return null;
            case AccountClosed e:
                var closed = Of(e.Who);
                if (closed.Credits != Value(e.Credits) || closed.Tokens != (BigInteger)e.Tokens.Micro)
                    return $"account {e.Who}: closed with other than it held";
                Give(e.To, closed.Credits, closed.Tokens);
                (closed.Credits, closed.Tokens) = (0, 0);
                return null;
            case AccountForgotten e:
                Of(e.Who).Nonce = 0;
                return null;
            case RentPaid e:
                Give(e.Provider, Value(e.Amount), 0);
                return null;
            case VoucherRedeemed e:
                Give(e.Payee, Value(e.Amount), 0);
                _channels[e.Channel] -= Value(e.Amount);
                return _channels[e.Channel] < 0 ? $"channel {e.Channel}: more was redeemed than locked" : null;
            case AnswersRedeemed e:
                _jobs[e.Job] = (_jobs[e.Job].Owner, _jobs[e.Job].Pot + Value(e.Amount));
                _channels[e.Channel] -= Value(e.Amount);
                return _channels[e.Channel] < 0 ? $"channel {e.Channel}: more was redeemed than locked" : null;
            case ChannelClosed e:
                Give(e.Payer, Value(e.Returned), 0);
                return _channels.Remove(e.Channel, out var left) && left == Value(e.Returned)
                    ? null
                    : $"channel {e.Channel}: {e.Returned} came back, {left} were left";
            case BidEvicted e:
                Give(e.Bidder, Value(e.Returned), 0);
                _auctions[e.Auction] -= Value(e.Returned);
                return null;
            case AuctionPaid e:
                Give(e.To, Value(e.Amount), 0);
                _auctions[e.Auction] -= Value(e.Amount);
                return null;
            case AuctionClosed e:
                _creditsBurned += Value(e.Burned);
                return _auctions.Remove(e.Auction, out var rest) && rest == Value(e.Burned)
                    ? null
                    : $"auction {e.Auction}: {e.Burned} burned, {rest} were left";
            default:
                return null;
        }
    }

    private string? Spend(JobId job, BigInteger amount)
    {
        _jobs[job] = (_jobs[job].Owner, _jobs[job].Pot - amount);
        return _jobs[job].Pot < 0 ? $"job {job}: more was paid than locked" : null;
    }

    private static string? Take(Account from, BigInteger credits, BigInteger tokens)
    {
        (from.Credits, from.Tokens) = (from.Credits - credits, from.Tokens - tokens);
        return from.Credits < 0 || from.Tokens < 0 ? "took more than there was" : null;
    }

    private void Give(NodeId to, BigInteger credits, BigInteger tokens)
    {
        var account = Of(to);
        (account.Credits, account.Tokens) = (account.Credits + credits, account.Tokens + tokens);
    }

    private Account Of(NodeId id)
    {
        _touched.Add(id);
        if (!_accounts.TryGetValue(id, out var account))
            _accounts.Add(id, account = new Account());
        return account;
    }

    private static BigInteger Value(Credits amount) => (BigInteger)amount.Micro;

    private sealed class Account
    {
        public BigInteger Credits { get; set; }

        public BigInteger Tokens { get; set; }

        public BigInteger Nonce { get; set; }
    }
}
