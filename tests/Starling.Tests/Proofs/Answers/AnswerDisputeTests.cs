using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Ledger.Applying;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Programs.Answers;
using Starling.Proofs.Answers;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Compute.Generation;
using Starling.Tests.Compute.Models;
using Starling.Tests.Ledger;
using Starling.Tests.Programs.Answers;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Proofs.Answers;

/// <summary>
/// Answers from the engine to the ledger's verdict: whatever a worker does to one of them, an auditor's prefill finds
/// it and the ledger's own recomputation convicts; an honest worker stands against any challenge.
/// </summary>
public sealed class AnswerDisputeTests : IDisposable
{
    private const int Capacity = 40;
    private static readonly DecoderConfig s_config = TinyModels.Llama(keyValueHeads: 2);
    private static readonly AnswerSampling s_warm = new() { MaxTokens = 12, Temperature = 0.8f, TopK = 7, TopP = 0.9f, Seed = 11 };

    private readonly EngineModel _model = new(s_config);
    private readonly AnswerAuditor _auditor;
    private readonly byte[] _weights;
    private readonly Hash256 _id;
    private readonly TestNetwork _net = new(referee: RefereeProgram.Instance);
    private readonly JobId _endpoint;

    public AnswerDisputeTests()
    {
        _auditor = new AnswerAuditor(_model.Vector, Capacity);
        _weights = Starling.Compute.Tensors.StateBlob.Encode(_model.State.Parameters);
        _id = Blake3.Hash(_weights);
        _endpoint = _net.OpenEndpoint(AnswerRoles.Terms with
        {
            Model = _id,
            Graph = AnswerBlueprint.Of(s_config, Capacity).Hash(),
            Capacity = Capacity,
            Vocabulary = s_config.VocabularySize,
        });
        _net.Do(Gateway, new Bond(5 * Unit));
    }

    [Fact]
    public void Another_token_is_convicted_by_the_draw_from_its_logits()
    {
        var answers = Serve(_model);
        var chunk = answers[1].Chunks[0];
        var lied = Change(answers[1], 0, chunk with { Tokens = [chunk.Tokens[0], (chunk.Tokens[1] + 1) % 11, .. chunk.Tokens[2..]] });
        Convicts(AnswerVerdictCode.WrongToken, 1, answers, lied, _model);
    }

    [Fact]
    public void Another_hash_of_right_logits_is_convicted()
    {
        var answers = Serve(_model);
        var chunk = answers[1].Chunks[1];
        var lied = Change(answers[1], 1, chunk with { Logits = [chunk.Logits[0], Content("lie"), .. chunk.Logits[2..]] });
        Convicts(AnswerVerdictCode.WrongLogits, 6, answers, lied, _model);
    }

    [Fact]
    public void Fewer_layers_are_convicted()
    {
        using EngineModel shallow = new(s_config with { Layers = 1 });
        Convicts(AnswerVerdictCode.WrongLogits, 0, Serve(_model), Serve(shallow)[1], shallow, isSilent: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Coarser_weights_are_convicted_and_cannot_be_shown_for_the_model_s(bool shows)
    {
        using EngineModel coarse = new(s_config);
        foreach (var tensor in coarse.State.Parameters.Tensors)
        {
            for (var i = 0; i < tensor.Span.Length; i++)
                tensor.Span[i] = MathF.Round(tensor.Span[i] * 64) / 64;
        }

        Convicts(AnswerVerdictCode.WrongLogits, 0, Serve(_model), Serve(coarse)[1], coarse, shows, isSilent: shows);
    }

    [Fact]
    public void Another_seed_is_convicted()
    {
        var answers = Serve(_model);
        var other = Serving.Answer(_model.Vector, Capacity, 5, answers[1].Request with { Sampling = s_warm with { Seed = 12 } })[0];
        var lied = other with { Request = answers[1].Request };
        var first = answers[1].Tokens().AsSpan().CommonPrefixLength(lied.Tokens());
        Convicts(AnswerVerdictCode.WrongToken, first - answers[1].Request.Prompt.Length, answers, lied, _model);
    }

    [Theory]
    [InlineData(AnswerStop.MaxTokens)]
    [InlineData(AnswerStop.StopToken)]
    [InlineData(AnswerStop.ContextFull)]
    public void A_stop_that_the_tokens_do_not_bear_out_is_convicted(AnswerStop claimed)
    {
        var answers = Serve(_model);
        var lied = answers[1] with { Chunks = [answers[1].Chunks[0] with { Stop = claimed }] };
        Convicts(AnswerVerdictCode.WrongStop, 5, answers, lied, _model);
    }

    [Fact]
    public void A_stop_for_logits_that_are_finite_is_convicted()
    {
        var answers = Serve(_model);
        var chunks = answers[1].Chunks;
        var short5 = chunks[0] with { Logits = [.. chunks[0].Logits, chunks[1].Logits[0]], Stop = AnswerStop.NotFinite };
        Convicts(AnswerVerdictCode.WrongStop, 5, answers, answers[1] with { Chunks = [short5] }, _model);
    }

    /// <summary>At every token of an honest answer, about its logits and about its draw.</summary>
    [Fact]
    public void An_honest_worker_stands_against_every_challenge()
    {
        var answers = Serve(_model);
        using EngineModel other = new(s_config with { Layers = 1 });
        foreach (var code in new[] { AnswerVerdictCode.WrongLogits, AnswerVerdictCode.WrongToken })
        {
            var task = Commit(answers, code == AnswerVerdictCode.WrongLogits ? 0UL : 1UL);
            var finding = new AnswerFinding(1, new AnswerVerdict(code, 3, -1));
            Challenge(task);
            Play(task, answers, _model, finding, challenger: other);
            Assert.Equal(1, _net.Attempt(task).DisputesWon);
            Assert.Empty(_net.State.Disputes.InOrder());
        }
    }

    [Fact]
    public void A_worker_that_keeps_its_answers_to_itself_loses()
    {
        var answers = Serve(_model);
        var task = Commit(answers);
        Challenge(task);
        _net.Pass(60_000);
        Assert.Equal(AttemptStatus.Convicted, _net.Attempt(task).Status);
    }

    [Fact]
    public void A_challenge_about_nothing_is_refused_or_lost()
    {
        var answers = Serve(_model);
        var task = Commit(answers);
        Challenge(task);
        var dispute = _net.State.Disputes.InOrder()[0];
        _net.Do(Providers[0], new PostClaims(dispute.Id, [.. answers.Select(a => a.Leaf().Hash())]));
        // The one whose first row has no logits: its prompt has three tokens.
        var place = Array.FindIndex(answers, a => a.Request.Prompt.Length == 3);
        _net.Do(Gateway, new ChooseClaim(dispute.Id, place));
        Assert.Equal(FailureCode.OpeningsMismatch, Open(dispute.Id, answers[(place + 1) % 3]));
        Assert.Equal(FailureCode.MalformedOpenings, _net.Try(Providers[0], new OpenInputs(dispute.Id, [1, 2, 3])));
        Assert.Equal(FailureCode.None, Open(dispute.Id, answers[place]));
        var rows = answers[place].Tokens().Length;
        Assert.All(
            new[] { 0, 1, 2 * rows, (2 * rows) + 1, 1_000_000 },
            index => Assert.Equal(FailureCode.IndexOutOfRange, _net.Try(Gateway, new ChooseClaim(dispute.Id, index))));
        Assert.Equal(FailureCode.NotYourTurn, _net.Try(Providers[0], new PostClaims(dispute.Id, [])));
    }

    [Fact]
    public void The_graph_of_a_row_gives_the_logits_of_the_engine()
    {
        var answer = Serve(_model)[1];
        using var side = Side(_model, answer);
        var first = answer.Request.Known - 1;
        var logits = answer.Logits();
        for (var i = 0; i < logits.Length; i += 5)
            Assert.Equal(logits[i], Blake3.Hash(side.Logits(first + i)));
    }

    public void Dispose()
    {
        _auditor.Dispose();
        _model.Dispose();
    }

    private AnswerRecord[] Serve(EngineModel model)
    {
        var served = new ServedModel(_endpoint, _id);
        var answers = Serving.Answer(
            model.Vector, Capacity, 5,
            Serving.Request(served, 1, [3, 1, 4], s_warm with { Temperature = 0 }), Serving.Request(served, 2, [2, 7], s_warm),
            Serving.Request(served, 3, [5], s_warm));
        // By request, as the interval has them; the second is the one that is lied about.
        return [.. answers.OrderBy(a => a.Request.Hash())];
    }

    private static AnswerRecord Change(AnswerRecord answer, int index, AnswerChunk chunk) =>
        answer with { Chunks = [.. answer.Chunks.Select((c, i) => i == index ? chunk : c)] };

    private AnswerSide Side(EngineModel model, AnswerRecord answer, bool shows = false) => new(
        new AnswerReplay(model.Vector.Config, Capacity, model.State.Parameters, Starling.Compute.Kernels.VectorBackend.Best()),
        _id, answer, () => shows ? Starling.Compute.Tensors.StateBlob.Encode(model.State.Parameters) : _weights);

    private TaskId Commit(AnswerRecord[] answers, ulong interval = 0) =>
        _net.CommitAnswers(_endpoint, AnswerRoles.IntervalOf(answers), interval);

    private void Challenge(TaskId task)
    {
        var verdict = new Verdict(task, 0, Content("another root"));
        _net.Do(Gateway, AuditCases.Commitment(_net, Gateway, verdict));
        _net.Do(Gateway, new RevealChallenge(verdict, TestRoles.Salt));
    }

    private void Convicts(
        AnswerVerdictCode expected, int index, AnswerRecord[] answers, AnswerRecord lied, EngineModel ran, bool shows = false,
        bool isSilent = false)
    {
        var verdict = AnswerAudit.Check(_auditor, lied, out var problem);
        Assert.Null(problem);
        Assert.Equal((expected, index), (verdict.Code, verdict.Index));
        answers = [.. answers.Select((a, i) => i == 1 ? lied : a)];
        var task = Commit(answers);
        Challenge(task);
        Play(task, answers, ran, new AnswerFinding(1, verdict), _model, shows);
        // A worker that can open nothing the ledger accepts, such as a smaller graph, is silent.
        _net.Pass(60_000);
        Assert.Equal(AttemptStatus.Convicted, _net.Attempt(task).Status);
        Assert.Empty(_net.State.Disputes.InOrder());
        var outcome = Assert.Single(_net.Events.OfType<DisputeClosed>()).Outcome;
        Assert.Equal(isSilent ? DisputeOutcome.DefenderSilent : DisputeOutcome.Convicted, outcome);
    }

    private void Play(
        TaskId task, AnswerRecord[] answers, EngineModel defender, AnswerFinding finding, EngineModel challenger, bool shows = false)
    {
        while (_net.State.Disputes.InOrder() is [var dispute])
        {
            var record = _net.State.Tasks.Find(task)!;
            if (dispute.Turn == DisputeTurn.Defender)
            {
                var move = AnswerPlay.Defend(record, dispute, answers, a => Side(defender, a, shows));
                if (move is null || _net.Try(Providers[0], move) != FailureCode.None)
                    return;
                continue;
            }

            var choice = AnswerPlay.Challenge(record, dispute, finding, answers[finding.Place], a => Side(challenger, a));
            Assert.Equal(FailureCode.None, _net.Try(Gateway, choice));
        }
    }

    private FailureCode Open(DisputeId dispute, AnswerRecord answer) =>
        _net.Try(Providers[0], new OpenInputs(dispute, Starling.Protocol.Encoding.RecordCodec.Encode(answer)));
}
