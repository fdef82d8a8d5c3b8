using Starling.Ledger.Answers;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Tests.Ledger;

/// <summary>One encoded record, and how it is read and written again.</summary>
internal sealed record Sample(Type Type, byte[] Bytes, Func<byte[], byte[]> Recode)
{
    public override string ToString() => Type.Name;
}

/// <summary>One fixed value of every record of Protocol and Ledger, with all optional fields set.</summary>
internal static class RecordSamples
{
    private static readonly TestKey s_key = TestNetwork.Owner;
    private static readonly Timestamp s_time = new(1_800_000_000_000);
    private static readonly Hash256 s_hash = TestNetwork.Content("sample");
    private static readonly ResultClaim s_claim = new([s_hash, Hash256.Zero], s_hash, 7) { Fault = 8 };
    private static readonly JobId s_job = new(s_hash);
    private static readonly TaskId s_task = new(s_hash);
    private static readonly DisputeId s_dispute = new(s_hash);
    private static readonly Verdict s_verdict = new(s_task, 1, s_hash);
    private static readonly PostOffer s_offer = new("cpu", "eu", 4, 2048, 100_000, s_time)
    {
        SecondPrice = 1,
        Minimum = 2,
        Attributes = ["avx2", "avx512"],
        Rate = 3,
        Build = "zen4/1",
    };

    private static readonly OpenJob s_order = new(
        s_hash, 1_000, 2_000, 3_000, 2, "cpu", "eu", 512, s_time, Verification.Quorum, s_key.Id)
    {
        Newcomers = true,
        Attributes = ["avx2"],
        MinRate = 1,
        DataRegion = "eu",
        DataBytes = 2,
        Quorum = 2,
    };

    private static readonly RuleChange s_change = new(5, Rules.Lab);

    private static readonly FaultEntry s_fault = new(s_key.Id, s_time);

    private static readonly PoolExit s_exit = new(6, s_time);

    private static readonly PeriodMark s_mark = new(3, new(4));

    private static readonly ChannelKey s_channelKey = new(s_key.Id, 5, 6, s_time, s_time, [s_mark]);

    private static readonly OpenAuction s_auction = new("cpu", "eu", 1, 2, 3, 4, 5, 6, 7);

    private static readonly SealedBid s_bid = new(s_key.Id, s_hash, new(8), new OfferId(s_hash), 9);

    private static readonly EndpointTerms s_terms = new(s_hash, s_hash, 2048, 50_257, 3, 4, 5_000);

    private static readonly EndpointRecord s_endpoint = new(s_terms, s_time);

    private static readonly AnswerTerms s_answers = new(7, s_hash, 2048, 50_257, new(9), [s_answerMark]) { KeptUntil = s_time };

    private static AnswerMark s_answerMark => new(new(s_hash), new(10));

    private static readonly TaskIssue s_issue = new("inner/3/1", [s_task], s_hash, 1_000_000, s_hash, true, s_key.Id);

    public static IReadOnlyList<Sample> All { get; } =
        [.. Money(), .. Market(), .. Rent(), .. Tasks(), .. Audits(), .. Answers(), .. Envelopes(), .. MarketState(), .. TaskState(), .. AuditState()];

    private static IEnumerable<Sample> Money() =>
    [
        Of(new Transfer(s_key.Id, AssetKind.Token, 5)),
        Of(new Mint(s_key.Id, AssetKind.Credit, ulong.MaxValue)),
        Of(new CloseAccount(s_key.Id)),
        Of(new OpenChannel(s_key.Id, 7)),
        Of(new TopUpChannel(new(s_hash), 7)),
        Of(new SetChannelKey(new(s_hash), s_key.Id, 7, 8)),
        Of(new RevokeChannelKey(new(s_hash), s_key.Id)),
        Of(new RedeemVoucher(new(s_hash), s_key.Id, 7, 8, s_key.Sign([1]))),
        Of(new CloseChannel(new(s_hash))),
        Of(s_mark),
        Of(s_channelKey),
        Of(new ChannelRecord(new(s_hash), s_key.Id, s_key.Id, new(7), new(8), [s_channelKey], s_time)),
        Of(new Bond(7)),
        Of(new SetPool(50_000)),
        Of(new DelegateStake(s_key.Id, 7)),
        Of(new UndelegateStake(s_key.Id, 7)),
        Of(new ClaimRewards(s_key.Id)),
        Of(new Unbond(8)),
        Of(s_change),
        Of(new AnnounceRules(s_change)),
        Of(new RenewBeacon(s_hash, 7)),
        Of(new SetGrant(s_key.Id, 7, 1_000, 8)),
        Of(new Vouch(s_key.Id, 9)),
        Of(new GrantRecord(s_key.Id, new(1), 2, 3, s_time) { Used = new(4), UsedAt = s_time }),
        Of(new RuleBookRecord(3, Rules.Local, [s_change])),
        Of(new ArchiveRecord(3, [s_hash, Hash256.Zero])),
        Of(new EnrolAuditor(s_hash)),
        Of(new LeaveAuditing()),
        Of(new GenesisAccount(s_key.Id, 1, 2, 3)),
        Of(Rules.Local),
        Of(TestGenesis()),
        Of(new AccountRecord(s_key.Id, new(1), new(2), 3) { Forget = s_time }),
        Of(new UnbondingEntry(new(4), s_time)),
        Of(new StakeRecord(s_key.Id)
        {
            Bonded = new(1), Locked = new(2), Unbonding = [new(new(4), s_time)], Exposure = new(5), AuditedFees = new(6),
            LastAudited = s_time, Slots = 7, Convictions = 8, NoShows = 9, BarredUntil = s_time, Jailed = true,
            Tombstoned = true, LostChallenges = 10, Vouched = 11, Defender = s_key.Id,
        }),
        Of(new PoolRecord(s_key.Id)
        {
            CommissionPpm = 1, CommissionSince = s_time, Tokens = new(2), Shares = 3, Leaving = new(4), LeavingShares = 5,
            Index = new(6, 7), Remainder = new(8, 9), Rewards = new(10),
        }),
        Of(s_exit),
        Of(new DelegationRecord(s_key.Id, s_key.Id, 1, new(2, 3), 4, new(5), [s_exit])),
        Of(new AuditorRecord(s_key.Id, s_hash, 3, new(4), 5, 6, true)),
        Of(new NetworkRecord(1, s_time, s_hash, new(2), new(3), new(4), new(5), 6, 7, 8)
        {
            Price = 9, VaultTokens = new(10), VaultCredits = new(11), BeaconFrom = 12, NextBeacon = s_hash, NextBeaconAt = 13,
        }),
    ];

    private static IEnumerable<Sample> Market() =>
    [
        Of(s_offer),
        Of(new WithdrawOffer(new OfferId(s_hash))),
        Of(new RepriceOffer(new OfferId(s_hash), 5) { SecondPrice = 6, Minimum = 7 }),
        Of(s_order),
        Of(new CancelJob(s_job)),
        Of(new TopUpJob(s_job, 9)),
        Of(new CompleteJob(s_job, s_task)),
    ];

    private static IEnumerable<Sample> Rent() =>
    [
        Of(new FundRent(1)),
        Of(new WithdrawRent(2)),
        Of(new RentMachine(new OfferId(s_hash), 3, s_time)),
        Of(new Heartbeat(new MachineLeaseId(s_hash), 4, s_key.Sign([1]))),
        Of(new ClaimRent(new MachineLeaseId(s_hash))),
        Of(new EndMachineLease(new MachineLeaseId(s_hash))),
        Of(new GiveNotice(new MachineLeaseId(s_hash))),
        Of(s_auction),
        Of(new CommitBid(new AuctionId(s_hash), s_hash, 5)),
        Of(new RevealBid(new AuctionId(s_hash), new OfferId(s_hash), 6, s_hash)),
        Of(new ChooseBid(new AuctionId(s_hash), s_key.Id)),
        Of(s_bid),
        Of(new AuctionRecord(new AuctionId(s_hash), s_key.Id, s_auction, s_time, new(5), [s_bid])),
        Of(new RentRecord(s_key.Id)
        {
            Balance = 1, PerSecond = 2, PaidMs = 3, At = s_time, Leases = [new(s_hash)], Due = s_time, Low = true,
        }),
        Of(new MachineLeaseRecord(new MachineLeaseId(s_hash), s_key.Id, s_key.Id, new OfferId(s_hash), 1)
        {
            Began = s_time, Until = s_time, AliveUntil = s_time, Notice = s_time, Beats = 2, FromMs = 3, Carry = 4,
            Bond = new(5), Claimed = new(6),
        }),
    ];

    private static IEnumerable<Sample> Tasks() =>
    [
        Of(s_issue),
        Of(new IssueTasks(s_job, [s_issue])),
        Of(new ReissueTask(s_task, s_key.Id)),
        Of(new AvoidProviders(s_job, [s_key.Id])),
        Of(new NameDefender(s_key.Id)),
        Of(new CommitResult(s_task, 1, s_hash)),
        Of(new RevealResult(s_task, 1, s_hash, s_claim)),
        Of(new RetractResult(s_task, 1)),
        Of(new FundSentinels(7)),
        Of(new PlantError(s_hash)),
        Of(new RevealPlant(s_task, 1, s_hash)),
        Of(new PlantRecord(s_hash, 1, new(2), s_time)),
        Of(new SentinelsRecord(new(1), 2, 3, 4, 5)),
        Of(s_fault),
        Of(new FaultsRecord("zen4/1", [s_fault], s_time, s_time)),
        Of(new OpenChunks(s_task, 1, 2, 3, 4)),
        Of(new AnswerChunks(s_hash, 1, [2], [s_hash], [3])),
        Of(new ChunkRequestRecord(s_hash, s_task, 1, 2, 3, s_key.Id, new(4), s_time)),
    ];

    private static IEnumerable<Sample> Audits() =>
    [
        Of(s_verdict),
        Of(new CommitVerdicts(4, s_hash)),
        Of(new RevealVerdicts(4, s_hash, s_hash, [s_verdict])),
        Of(new CommitChallenge(s_hash)),
        Of(new RevealChallenge(s_verdict, s_hash)),
        Of(new PostClaims(s_dispute, [s_hash]) { Length = 600 }),
        Of(new ChooseClaim(s_dispute, 3)),
        Of(new OpenInputs(s_dispute, [1, 2, 3])),
    ];

    private static IEnumerable<Sample> Answers()
    {
        var bias = new AnswerBias(7, -1.5f);
        var sampling = new AnswerSampling
        {
            MaxTokens = 9,
            Temperature = 0.5f,
            TopK = 40,
            TopP = 0.75f,
            MinP = 0.25f,
            RepetitionPenalty = 2,
            FrequencyPenalty = 0.5f,
            PresencePenalty = -1,
            Seed = ulong.MaxValue,
            Choice = 1,
            Biases = [bias],
            StopTokens = [2, 1],
        };
        var request = new AnswerRequest(s_job, s_hash, s_hash, [1, 70_000], [3], sampling, s_hash);
        var chunk = new AnswerChunk([4, 5], [s_hash, Hash256.Zero, s_hash], AnswerStop.NotFinite);
        var place = new AnswerPlace(3, new AnswerLeaf(s_hash, 2, s_hash), [s_hash]);
        var signed = new SignedChunk(s_job, s_key.Id, s_hash, 5, 1, s_hash, s_key.Sign([1]));
        var missing = new MissingChunk(signed, [place], s_hash, [s_hash]);
        return
        [
            Of(bias), Of(sampling), Of(request), Of(new AnswerBeyond(["a"], "{}")), Of(chunk), Of(new AnswerRecord(request, [chunk])), Of(place.Leaf), Of(place),
            Of(signed), Of(missing), Of(s_terms), Of(new OpenEndpoint(s_job, s_terms)), Of(new CommitAnswers(s_job, 1, 2, 3, s_hash)),
            Of(new RedeemAnswers(s_task, new(s_hash), 4, s_hash, s_key.Sign([1]))), Of(new ReportMissing(missing)),
            Of(new AnswerManifest([place.Leaf], [s_hash], [7])), Of(s_answerMark), Of(s_endpoint), Of(s_answers), Of(new TokenOpening(new AnswerRecord(request, [chunk]), [1, 2])),
        ];
    }

    private static IEnumerable<Sample> Envelopes()
    {
        var chain = new ChainId(s_hash);
        var payer = TestNetwork.Gateway;
        var transaction = new Transaction(chain, s_key.Id, 3, s_time, payer.Id, new Bond(7)) { MostFee = 9 };
        var signed = SignedTransaction.Sign(transaction, s_key, payer);
        var header = new BatchHeader(
            chain, 1, s_hash, s_time, Batch.RootOf([signed]), s_hash, s_hash, s_hash, s_key.Id);
        var signedHeader = SignedHeader.Sign(header, s_key);
        return
        [
            Of(transaction), Of(signed), Of(header), Of(signedHeader), Of(new Batch(signedHeader, [signed])),
            Of(new Equivocation(signedHeader, SignedHeader.Sign(header with { Beacon = Hash256.Zero }, s_key))),
            Of(new StateProof([s_hash, Hash256.Zero], s_hash, s_hash)),
            Of(Snapshot.Of(GenesisState.Create(TestGenesis()))),
        ];
    }

    private static IEnumerable<Sample> MarketState() =>
    [
        Of(new OfferRecord(new OfferId(s_hash), s_key.Id, s_offer, 3, 2, true) { Newcomer = true }),
        Of(new LeaseRecord(s_job, 1, new OfferId(s_hash), s_key.Id, 100, 3, [s_task], 5) { Minimum = 6 }),
        Of(new JobRecord(s_job, 1, s_key.Id, s_order, 2)
        {
            Status = JobStatus.Closed, Reason = CloseReason.Completed, Escrow = new(1), Reserved = new(2), Spent = new(3),
            WorkIssued = 4, Tasks = 5, OpenTasks = 6, ActiveLeases = 7, NextLease = 8, Result = s_task, Closed = 9,
            KeptUntil = s_time, Endpoint = s_endpoint, Avoided = [s_key.Id],
        }),
    ];

    private static IEnumerable<Sample> TaskState()
    {
        var rival = new RivalClaim(s_key.Id, s_hash, new(3), new(4, 5)) { Drawn = true };
        var attempt = new AttemptRecord(1, s_key.Id, new LeaseId(s_hash))
        {
            Status = AttemptStatus.Audited,
            Pay = new(1),
            Surcharge = new(2),
            Bond = new(3),
            Cascade = new(4),
            AuditPpm = 5,
            AuditRequired = true,
            Issued = 6,
            Due = s_time,
            Commitment = s_hash,
            Committed = 7,
            Epoch = 8,
            Redraws = 1,
            Claim = s_claim,
            Revealed = 9,
            Auditors = [s_key.Id],
            Dispute = s_dispute,
            Rivals = [rival],
            DisputesWon = 1,
            Ended = 10,
            Asked = 3,
            Build = "zen4/1",
        };
        return
        [
            Of(rival), Of(new ClaimRecord(s_claim)), Of(attempt),
            Of(new TaskRecord(s_task, s_job, s_issue, TaskPhase.Live, s_time, [attempt]) { Answers = s_answers }),
        ];
    }

    private static IEnumerable<Sample> AuditState()
    {
        var auditor = new EpochAuditor(s_key.Id, AuditorProgress.Committed, s_hash, 6) { Committed = new(7, 8) };
        var position = new DisputePosition(2, [3, 4], [s_hash, s_hash], [s_hash, s_hash], [s_hash])
        {
            Roots = [s_hash, s_hash],
            Lengths = [5, 6],
            Length = 7,
        };
        var (claim, piece) = (new OpenedClaim(3, s_hash, [s_hash]), new OpenedPiece([1, 2], [s_hash], [3]));
        return
        [
            Of(auditor), Of(new EpochRecord(1, EpochPhase.Committing, s_time, 2, 1, 5, [auditor])),
            Of(new DrawRecord(1, 0, s_task, 0, s_key.Id, 5, 6, true, s_hash)),
            Of(new ChallengeRecord(s_hash, s_key.Id, new(3), new(4, 5), s_time)), Of(position),
            Of(new DisputeRecord(
                s_dispute, s_task, 0, s_key.Id, s_key.Id, s_hash, new(4), 5, DisputeTurn.Challenger, s_time, 6, position)
            {
                Committed = new(7, 8),
                Drawn = true,
                Since = s_time,
                Deferrals = 9,
            }),
            Of(claim), Of(piece), Of(new DisputeOpening([1], [2], [3], [s_hash], [claim], [piece], [4], [5]) { Witness = [6, 7] }),
        ];
    }

    private static GenesisRecord TestGenesis() => new(
        "golden", NetworkProfile.Public, s_time, s_key.Id, s_hash, [s_key.Id], [new(s_key.Id, 1, 2, 3)], Rules.Public)
    {
        RulesKey = s_key.Id,
        Changes = [s_change],
        Unit = "CPU-hour",
        Sentinel = s_key.Id,
    };

    private static Sample Of<T>(T record)
        where T : IRecord<T> =>
        new(typeof(T), RecordCodec.Encode(record), static b => RecordCodec.Encode(RecordCodec.Decode<T>(b)));
}
