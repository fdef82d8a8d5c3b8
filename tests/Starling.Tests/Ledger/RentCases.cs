using Starling.Ledger.Applying;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Machines by time, auctions, and payment channels.</summary>
internal static class RentCases
{
    private static readonly TestKey s_host = Providers[0];
    private static readonly MachineLeaseId s_none = new(Content("none"));

    public static Dictionary<FailureCode, Func<FailureCode>> All { get; } = new()
    {
        [FailureCode.OfferBusy] = () => Rented((net, lease) =>
            (Gateway, new RentMachine(net.State.MachineLeases.Find(lease)!.Offer, 1_000, net.Now.After(1_000)))),
        [FailureCode.NotForRent] = () =>
        {
            var net = new TestNetwork();
            var offer = net.PostOffer(s_host);
            return net.Refused(Owner, new RentMachine(offer, 1_000, net.Now.After(1_000)));
        },
        [FailureCode.RateAboveLimit] = () =>
        {
            var net = new TestNetwork();
            var offer = net.OfferMachine(s_host, 1_001);
            return net.Refused(Owner, new RentMachine(offer, 1_000, net.Now.After(1_000)));
        },
        [FailureCode.RentShort] = () =>
        {
            var net = new TestNetwork();
            var offer = net.OfferMachine(s_host, 1_000);
            net.Do(Owner, new FundRent(59_999));
            return net.Refused(Owner, new RentMachine(offer, 1_000, net.Now.After(1_000)));
        },
        [FailureCode.TooManyLeases] = () =>
        {
            var net = new TestNetwork();
            net.Do(Owner, new FundRent(100 * Unit));
            for (var i = 0; i < 16; i++)
                net.Do(Owner, new RentMachine(net.OfferMachine(s_host, 1), 1, net.Now.After(1_000)));
            return net.Refused(Owner, new RentMachine(net.OfferMachine(s_host, 1), 1, net.Now.After(1_000)));
        },
        [FailureCode.UnknownMachineLease] = () => new TestNetwork().Refused(s_host, new ClaimRent(s_none)),
        [FailureCode.BadSignature] = () => Rented((net, lease) =>
            (s_host, new Heartbeat(lease, 1, s_host.Sign(Heartbeat.Message(net.State.Chain, lease, 1).ToArray())))),
        [FailureCode.StaleBeat] = () => Rented((net, lease) =>
        {
            net.Beat(lease, s_host, Owner, 2);
            return (s_host, net.BeatOf(lease, Owner, 2));
        }),
        [FailureCode.UnknownAuction] = () => new TestNetwork().Refused(s_host, new CommitBid(new(Content("none")), Content("c"), Unit)),
        [FailureCode.WrongAuctionPhase] = () => Auction((net, auction) =>
        {
            net.Pass(10_000);
            return (s_host, new CommitBid(auction, Content("c"), Unit));
        }),
        [FailureCode.BidBondShort] = () => Auction((net, auction) => (s_host, new CommitBid(auction, Content("c"), (Unit / 2) - 1))),
        [FailureCode.AlreadyBid] = () => Auction((net, auction) =>
        {
            net.Do(s_host, new CommitBid(auction, Content("c"), Unit / 2));
            return (s_host, new CommitBid(auction, Content("d"), Unit / 2));
        }),
        [FailureCode.AuctionFull] = () => Auction((net, auction) =>
        {
            net.FillAuction(auction);
            return (s_host, new CommitBid(auction, Content("c"), Unit - 1));
        }),
        [FailureCode.UnknownBid] = () => Auction((net, auction) =>
        {
            var offer = net.OfferMachine(s_host, 1_000);
            net.Pass(10_000);
            return (s_host, new RevealBid(auction, offer, 5, TestRoles.Salt));
        }),
        [FailureCode.OfferUnfit] = () => Auction((net, auction) =>
        {
            var offer = new OfferId(net.Do(s_host, new PostOffer("cpu", "eu", 1, 8, 1, net.Now.After(3_600_000))).Hash);
            net.Bid(auction, s_host, offer, 900);
            net.Pass(10_000);
            return (s_host, new RevealBid(auction, offer, 900, TestRoles.Salt));
        }),
        [FailureCode.UnknownChannel] = () => new TestNetwork().Refused(Owner, new CloseChannel(new(Content("none")))),
        [FailureCode.ChannelClosing] = () => Channel((net, channel) =>
        {
            net.Do(Owner, new CloseChannel(channel));
            return (Owner, new TopUpChannel(channel, 1));
        }),
        [FailureCode.UnknownChannelKey] = () => Channel((net, channel) => (s_host, net.Voucher(channel, Gateway, 0, 5))),
        [FailureCode.TooManyKeys] = () => Channel((net, channel) =>
        {
            for (var i = 0; i < 15; i++)
                net.Do(Owner, new SetChannelKey(channel, IdOf($"key {i}"), 1, 0));
            return (Owner, new SetChannelKey(channel, IdOf("key 15"), 1, 0));
        }),
        [FailureCode.KeyFixed] = () => Channel((net, channel) =>
        {
            net.Do(Owner, new SetChannelKey(channel, Gateway.Id, 100, 0));
            return (Owner, new SetChannelKey(channel, Gateway.Id, 99, 0));
        }),
        [FailureCode.VoucherTooEarly] = () => Channel((net, channel) =>
        {
            net.Do(Owner, new SetChannelKey(channel, Gateway.Id, 100, 1_000));
            return (s_host, net.Voucher(channel, Gateway, 1, 5));
        }),
        [FailureCode.VoucherExpired] = () => Channel((net, channel) =>
        {
            net.Do(Owner, new SetChannelKey(channel, Gateway.Id, 100, 1_000));
            net.Pass(8_000);
            return (s_host, net.Voucher(channel, Gateway, 0, 5));
        }),
    };

    private static FailureCode Rented(Func<TestNetwork, MachineLeaseId, (TestKey, TransactionBody)> act)
    {
        var net = new TestNetwork();
        var lease = net.Rent(s_host, Owner, 1_000, 10 * Unit);
        var (sender, body) = act(net, lease);
        return net.Refused(sender, body);
    }

    private static FailureCode Auction(Func<TestNetwork, AuctionId, (TestKey, TransactionBody)> act)
    {
        var net = new TestNetwork();
        var auction = net.OpenAuction();
        var (sender, body) = act(net, auction);
        return net.Refused(sender, body);
    }

    private static FailureCode Channel(Func<TestNetwork, ChannelId, (TestKey, TransactionBody)> act)
    {
        var net = new TestNetwork();
        var channel = new ChannelId(net.Do(Owner, new OpenChannel(s_host.Id, 1_000)).Hash);
        var (sender, body) = act(net, channel);
        return net.Refused(sender, body);
    }
}
