using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Ledger.Records;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Roles.Auditing;
using Starling.Node.Roles.Gateway;
using Starling.Node.Roles.Providing;
using Starling.Node.Roles.Serving;
using Starling.Programs.Answers;
using Starling.Proofs.Answers;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Tests.Compute.Generation;
using Starling.Tests.Compute.Models;
using Starling.Tests.Programs.Answers;
using Xunit;

namespace Starling.Tests.Node;

/// <summary>A gateway and a worker that serves a model, on the bench: the stream, the money, and what happens to a worker that forgets.</summary>
public sealed class ServingTests : IDisposable
{
    private const ulong Unit = 1_000_000;
    private const int Capacity = 40;
    private static readonly DecoderConfig s_config = TinyModels.Llama(keyValueHeads: 2);
    private static readonly AnswerSampling s_warm = new() { MaxTokens = 22, Temperature = 0.8f, Seed = 11 };

    private readonly EngineModel _model = new(s_config);
    private readonly byte[] _weights;
    private readonly Hash256 _id;
    private readonly Bench _bench = new("gateway", "worker", "ann", "auditor", "second");
    private readonly Dictionary<string, ulong> _nonces = [];
    private readonly JobId _endpoint;
    private readonly ChannelId _channel;
    private Func<AnswerChunk, AnswerChunk> _lie = c => c;

    public ServingTests()
    {
        _weights = StateBlob.Encode(_model.State.Parameters);
        _id = Blake3.Hash(_weights);
        _bench.Others = Perform;
        var spec = RecordCodec.Encode(new EndpointModel("tiny", []));
        _bench.Put(spec);
        _bench.Add("gateway", n => new Gateway(n));
        _bench.Add("worker", n => new Provider(n, new ProviderSettings("cpu", "eu", 1, 4_096, 1_000, 500 * Unit)));
        _bench.Run(500);
        _endpoint = new JobId(Order("ann", new OpenJob(
            Blake3.Hash(spec), 1_000_000_000_000, 10_000, 5 * Unit, 1, "cpu", "", 1, _bench.Now.After(600_000), Verification.Spot,
            Keys.Signer("gateway").Id)).Hash);
        _bench.Run(500);
        Order("gateway", new OpenEndpoint(_endpoint, new EndpointTerms(
            _id, AnswerBlueprint.Of(s_config, Capacity).Hash(), Capacity, s_config.VocabularySize, 1_000_000, 10_000_000, 2_000)));
        _channel = new ChannelId(Order("gateway", new OpenChannel(Worker, Unit)).Hash);
        _bench.Run(100);
        Assert.Single(_bench["gateway"].State.LeasesOf(_endpoint));
    }

    private static NodeId Worker => Keys.Signer("worker").Id;

    [Fact]
    public void A_client_gets_every_token_the_worker_every_voucher_and_nothing_stays_behind()
    {
        var before = Credits("worker");
        var request = Request(1);
        Ask("a", request);
        Ask("b", Request(2));
        _bench.Run(1_000);
        Assert.Equal(Expected(request), Delivered("a"));
        Assert.Equal(AnswerEnd.Complete, Ending("a"));
        Assert.Equal(AnswerEnd.Complete, Ending("b"));
        _bench.Run(30_000);
        // (2 prompt tokens at 1 unit and 22 at 10 units, twice) of 10^6 work at 1,000 per 10^9.
        Assert.Equal(before + new Credits(2 * (2 + 220)), Credits("worker"));
        Assert.Equal(new Credits(Unit - 444), _bench["gateway"].State.Channels.Find(_channel)!.Left);
        Assert.DoesNotContain(_bench["gateway"].Records.Keys, k => k.StartsWith("held/", StringComparison.Ordinal));
        Assert.DoesNotContain(_bench["worker"].Records.Keys, k => k.StartsWith("served/", StringComparison.Ordinal));
        Assert.DoesNotContain(_bench["worker"].Records.Keys, k => k.StartsWith("promise/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_worker_that_restarts_goes_on_where_it_was()
    {
        var request = Request(1);
        var chunks = 0;
        _bench.Loses = (_, _, message) => message is SendChunk && ++chunks == 3;
        Ask("a", request);
        _bench.Run(50);
        _bench.Restart("worker");
        _bench.Run(2_000);
        Assert.Equal(Expected(request), Delivered("a"));
        Assert.Equal(AnswerEnd.Complete, Ending("a"));
    }

    [Fact]
    public void A_worker_that_missed_the_last_voucher_is_told_it_again()
    {
        _bench.Loses = (_, _, message) => message is PayAnswers;
        Ask("a", Request(1) with { Sampling = s_warm with { MaxTokens = 4 } });
        _bench.Run(50);
        Assert.Equal(AnswerEnd.Complete, Ending("a"));
        _bench.Loses = (_, _, _) => false;
        _bench.Run(30_000);
        // 2 tokens of the prompt at 1 unit and 4 of the answer at 10.
        Assert.Equal(new Credits(Unit - 42), _bench["gateway"].State.Channels.Find(_channel)!.Left);
    }

    [Fact]
    public void A_gateway_that_restarts_owes_what_it_owed()
    {
        Ask("a", Request(1));
        _bench.Run(50);
        Assert.Equal(AnswerEnd.Complete, Ending("a"));
        _bench.Restart("gateway");
        Ask("b", Request(2));
        _bench.Run(50);
        Assert.Equal(AnswerEnd.Complete, Ending("b"));
        _bench.Run(30_000);
        Assert.Equal(new Credits(Unit - 444), _bench["gateway"].State.Channels.Find(_channel)!.Left);
    }

    [Fact]
    public void A_worker_out_of_reach_ends_its_answers_at_once()
    {
        _bench.Loses = (_, _, message) => message is PayAnswers;
        Ask("a", Request(1));
        _bench.Run(50);
        _bench.Tell("gateway", new PeerPresence(Worker, Present: false));
        Assert.Equal(AnswerEnd.Lost, Ending("a"));
    }

    [Fact]
    public void A_gateway_opens_an_endpoint_fills_its_channels_and_shows_who_can_be_asked()
    {
        var model = RecordCodec.Encode(new EndpointModel("other", []));
        _bench.Add("second", n => new Provider(n, new ProviderSettings("cpu", "eu", 1, 4_096, 1_000, 500 * Unit)));
        _bench.Run(500);
        var terms = new EndpointTerms(_id, Hash256.Zero, Capacity, s_config.VocabularySize, 1_000_000, 10_000_000, 2_000);
        var views = _bench.Ask("gateway", new KeepEndpoint(
            new EndpointOrder(model, terms, 1, "", "", 10_000, Verification.None, Unit, 600_000)), 3_000);
        var view = Assert.IsType<EndpointView>(views[^1]);
        var replica = Assert.Single(view.Replicas);
        Assert.Equal(Keys.Signer("second").Id, replica.Worker);
        Assert.Equal(64, replica.Capacity);
        Assert.Equal(new Credits(Unit), _bench["gateway"].State.Channels.Find(replica.Channel)!.Left);
        Assert.Equal(terms, _bench["gateway"].State.Jobs.Find(view.Endpoint!.Value)!.Endpoint!.Terms);
    }

    [Fact]
    public void No_chunk_follows_one_that_is_not_paid()
    {
        _bench.Loses = (_, _, message) => message is PayAnswers;
        Ask("a", Request(1));
        _bench.Run(3_000);
        Assert.Single(Replies("a"));
        Assert.All(_bench["worker"].Effects.OfType<Send>().Select(s => s.Message).OfType<SendChunk>(), s => Assert.Equal(0, s.Signed.Index));
    }

    [Fact]
    public void A_worker_that_forgets_what_it_signed_is_reported_and_loses_stake()
    {
        Ask("a", Request(1));
        _bench.Run(100);
        Assert.NotEmpty(Delivered("a"));
        var before = _bench["gateway"].State.Stakes.Find(Worker)!.Bonded;
        _bench["worker"].Lose("served/");
        _bench.Restart("worker");
        _bench.Run(8_000);
        Assert.True(_bench["gateway"].State.Stakes.Find(Worker)!.Bonded < before);
        Assert.DoesNotContain(_bench["gateway"].Records.Keys, k => k.StartsWith("held/", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_served_or_not_paid_for_is_refused_with_the_reason()
    {
        Ask("model", Request(1) with { Model = Blake3.Hash("another"u8) });
        Ask("job", Request(2) with { Endpoint = new JobId(_id) });
        _bench.Tell("gateway", new RequestReceived("channel", new RequestAnswer(Worker, new ChannelId(_id), Request(3), AnswerBeyond.None, null)));
        _bench.Run(100);
        Assert.Equal(
            [AnswerEnd.NotServed, AnswerEnd.NotServed, AnswerEnd.NotPaid], new[] { "model", "job", "channel" }.Select(Ending));
    }

    [Fact]
    public void A_client_that_leaves_stops_the_worker_and_pays_what_it_got()
    {
        var request = Request(1);
        _bench.Loses = (_, _, message) => message is PayAnswers;
        Ask("a", request);
        _bench.Run(50);
        _bench.Loses = (_, _, _) => false;
        _bench.Tell("gateway", new RequestReceived("stop", new CancelAnswer(request.Hash())));
        _bench.Run(20_000);
        Assert.Equal(AnswerEnd.Cancelled, Ending("a"));
        Assert.Equal(5, Delivered("a").Length);
        Assert.DoesNotContain(_bench["worker"].Records.Keys, k => k.StartsWith("served/", StringComparison.Ordinal));
    }

    [Fact]
    public void Honest_answers_are_audited_and_final()
    {
        AddAuditor();
        Ask("a", Request(1));
        Ask("b", Request(2));
        _bench.Run(40_000);
        var task = Assert.Single(_bench["gateway"].State.TasksOf(_endpoint));
        Assert.Equal(TrustLevel.Final, task.Current.Level);
        Assert.Equal(Keys.Signer("auditor").Id, Assert.Single(task.Current.Auditors));
        Assert.Contains(_bench["auditor"].Effects, e => e is CheckAnswers { Answers.Count: 2 });
    }

    [Fact]
    public void One_other_token_costs_the_worker_its_bond_and_what_it_redeemed()
    {
        AddAuditor();
        _lie = c => c with { Tokens = [(c.Tokens[0] + 1) % 11, .. c.Tokens[1..]] };
        Ask("a", Request(1));
        _bench.Run(60_000);
        var task = Assert.Single(_bench["gateway"].State.TasksOf(_endpoint));
        Assert.Equal(AttemptStatus.Convicted, task.Current.Status);
        Assert.True(_bench["gateway"].State.Stakes.Find(Worker)!.Jailed);
    }

    public void Dispose() => _model.Dispose();

    private void AddAuditor()
    {
        _bench.Add("auditor", n => new Auditor(n, new AuditorSettings(10 * Unit, SeedLength: 256)));
        _bench.Run(500);
        Assert.Equal(1, _bench["gateway"].State.Auditors.Count);
    }

    private AnswerRequest Request(int number) =>
        Serving.Request(new ServedModel(_endpoint, _id), number, [3, (number + 1) % 11], s_warm);

    private int[] Expected(AnswerRequest request) =>
        Serving.Answer(_model.Scalar, Capacity, 5, request)[0].Tokens()[request.Prompt.Length..];

    private void Ask(string name, AnswerRequest request) =>
        _bench.Tell("gateway", new RequestReceived(name, new RequestAnswer(Worker, _channel, request, AnswerBeyond.None, null)));

    private IEnumerable<NodeResponse> Replies(string name) =>
        _bench["gateway"].Effects.OfType<Reply>().Where(r => r.Request == name).Select(r => r.Body);

    private int[] Delivered(string name) => [.. Replies(name).OfType<AnswerPart>().SelectMany(p => p.Chunk.Tokens)];

    private AnswerEnd Ending(string name) => Assert.IsType<AnswerEnded>(Replies(name).Last()).Why;

    private Credits Credits(string name) => _bench["gateway"].State.Accounts.Find(Keys.Signer(name).Id)!.Credits;

    /// <summary>What a node does with the model: answers, audits, moves of disputes.</summary>
    private IEnumerable<Input> Perform(Seat seat, Effect effect)
    {
        switch (effect)
        {
            case PrepareModel prepare:
                return [new ModelPrepared(prepare.Endpoint, null)];
            case StartAnswer start:
                var chunks = Serving.Answer(_model.Vector, Capacity, 5, start.Request)[0].Chunks;
                return chunks.Skip(start.Made.Count).Select(c => new ChunkMade(start.Name, _lie(c), []));
            case CheckAnswers check:
                return [new AnswersChecked(check.Run, Find(check))];
            case PlayAnswers play:
                return [new MoveReady(play.Run, AnswerPlay.Defend(play.Task, play.Dispute, play.Kept, Side), null)];
            case ChallengeAnswer play:
                return [new MoveReady(
                    play.Run, AnswerPlay.Challenge(play.Task, play.Dispute, play.Finding, play.Answer, Side), null)];
            default:
                return [];
        }
    }

    private AnswerFinding? Find(CheckAnswers check)
    {
        using AnswerAuditor auditor = new(_model.Vector, Capacity);
        foreach (var drawn in check.Answers)
        {
            var verdict = AnswerAudit.Check(auditor, drawn.Answer, out _);
            if (verdict.Code != AnswerVerdictCode.Agrees)
                return new AnswerFinding(drawn.Place, verdict);
        }

        return null;
    }

    private AnswerSide Side(AnswerRecord answer) => new(
        new AnswerReplay(s_config, Capacity, _model.State.Parameters, VectorBackend.Best()), _id, answer, () => _weights);

    /// <summary>A transaction of somebody's own, straight to the sequencer.</summary>
    private TransactionId Order(string who, TransactionBody body)
    {
        var signer = Keys.Signer(who);
        var nonce = _nonces.GetValueOrDefault(who);
        _nonces[who] = nonce + 1;
        var signed = SignedTransaction.Sign(
            new Transaction(_bench.Genesis.ChainId(), signer.Id, nonce, _bench.Now.After(60_000), null, body), signer);
        _bench.Tell("sequencer", new MessageReceived(signer.Id, new SubmitTransaction(signed)));
        _bench.Run(100);
        return signed.Id;
    }
}
