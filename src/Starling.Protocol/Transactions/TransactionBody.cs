using System.Formats.Cbor;
using Starling.Protocol.Encoding;

namespace Starling.Protocol.Transactions;

/// <summary>What a transaction asks the ledger to do.</summary>
public abstract record TransactionBody
{
    private static readonly Dictionary<RecordType, Func<ReadOnlyMemory<byte>, TransactionBody>> s_decoders = [];

    static TransactionBody()
    {
        Register<Transfer>();
        Register<Mint>();
        Register<CloseAccount>();
        Register<OpenChannel>();
        Register<TopUpChannel>();
        Register<SetChannelKey>();
        Register<RevokeChannelKey>();
        Register<RedeemVoucher>();
        Register<CloseChannel>();
        Register<FundRent>();
        Register<WithdrawRent>();
        Register<RentMachine>();
        Register<Heartbeat>();
        Register<ClaimRent>();
        Register<EndMachineLease>();
        Register<GiveNotice>();
        Register<OpenAuction>();
        Register<CommitBid>();
        Register<RevealBid>();
        Register<ChooseBid>();
        Register<Bond>();
        Register<Unbond>();
        Register<SetPool>();
        Register<DelegateStake>();
        Register<UndelegateStake>();
        Register<ClaimRewards>();
        Register<AnnounceRules>();
        Register<RenewBeacon>();
        Register<FundSentinels>();
        Register<PlantError>();
        Register<RevealPlant>();
        Register<SetGrant>();
        Register<Vouch>();
        Register<OpenChunks>();
        Register<AnswerChunks>();
        Register<EnrolAuditor>();
        Register<LeaveAuditing>();
        Register<PostOffer>();
        Register<WithdrawOffer>();
        Register<RepriceOffer>();
        Register<OpenJob>();
        Register<CancelJob>();
        Register<TopUpJob>();
        Register<CompleteJob>();
        Register<IssueTasks>();
        Register<ReissueTask>();
        Register<AvoidProviders>();
        Register<NameDefender>();
        Register<CommitResult>();
        Register<RevealResult>();
        Register<RetractResult>();
        Register<CommitVerdicts>();
        Register<RevealVerdicts>();
        Register<CommitChallenge>();
        Register<RevealChallenge>();
        Register<PostClaims>();
        Register<ChooseClaim>();
        Register<OpenInputs>();
        Register<OpenEndpoint>();
        Register<CommitAnswers>();
        Register<RedeemAnswers>();
        Register<ReportMissing>();
    }

    private protected TransactionBody()
    {
    }

    /// <summary>Decodes a body of any known type.</summary>
    /// <exception cref="DecodeException">Unknown type or malformed.</exception>
    public static TransactionBody Decode(ReadOnlyMemory<byte> encoded)
    {
        var type = RecordCodec.PeekType(encoded);
        return s_decoders.TryGetValue(type, out var decode)
            ? decode(encoded)
            : throw new DecodeException("Transaction.body", $"unknown type {(int)type}");
    }

    internal abstract byte[] Encode();

    private static void Register<T>()
        where T : TransactionBody<T>, IRecord<T> => s_decoders.Add(T.Type, static b => RecordCodec.Decode<T>(b));
}

/// <summary>A body that knows its own encoding.</summary>
public abstract record TransactionBody<TSelf> : TransactionBody
    where TSelf : TransactionBody<TSelf>, IRecord<TSelf>
{
    private protected TransactionBody()
    {
    }

    internal sealed override byte[] Encode() => RecordCodec.Encode((TSelf)this);
}
