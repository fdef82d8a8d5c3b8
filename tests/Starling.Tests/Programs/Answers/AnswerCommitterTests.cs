using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Programs.Answers;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Tests.Compute.Generation;
using Starling.Tests.Compute.Models;
using Xunit;

namespace Starling.Tests.Programs.Answers;

/// <summary>What a worker commits to while it answers, and what an auditor finds by one prefill.</summary>
public sealed class AnswerCommitterTests : IDisposable
{
    private const int Capacity = 120;
    private static readonly DecoderConfig s_config = TinyModels.Llama(keyValueHeads: 2);
    private static readonly AnswerSampling s_warm = new() { MaxTokens = 30, Temperature = 0.8f, TopK = 7, TopP = 0.9f, Seed = 11 };
    private readonly EngineModel _model = new(s_config);
    private readonly AnswerAuditor _auditor;

    public AnswerCommitterTests() => _auditor = new(_model.Scalar, Capacity);

    [Fact]
    public void Neither_company_nor_chunks_nor_the_machine_show_in_the_hashes()
    {
        var requests = Enumerable.Range(0, 5).Select(i => Request(i, [1 + i, 3, 5], s_warm with { MaxTokens = 9 + i })).ToArray();
        var together = Serving.Answer(_model.Vector, Capacity, 4, requests);
        foreach (var (request, answer) in requests.Zip(together))
        {
            var alone = Serving.Answer(_model.Scalar, Capacity, 1, request)[0];
            Assert.Equal(alone.Logits(), answer.Logits());
            Assert.Equal(alone.Tokens(), answer.Tokens());
            Assert.Equal(alone.Stop, answer.Stop);
            Assert.Equal(AnswerVerdictCode.Agrees, Check(answer).Code);
        }
    }

    [Fact]
    public void Another_worker_goes_on_with_the_same_tokens_and_hashes()
    {
        var whole = Serving.Answer(_model.Vector, Capacity, 4, Request(1, [3, 1, 4], s_warm))[0];
        var tokens = whole.Chunks.SelectMany(c => c.Tokens).ToArray();
        var rest = Serving.Answer(_model.Vector, Capacity, 4, whole.Request with { Delivered = tokens[..10] })[0];
        Assert.Equal(tokens[10..], rest.Chunks.SelectMany(c => c.Tokens));
        Assert.Equal(whole.Logits()[10..], rest.Logits());
        Assert.Equal(AnswerVerdictCode.Agrees, Check(rest).Code);
    }

    [Fact]
    public void The_first_wrong_hash_is_named()
    {
        var answer = Serving.Answer(_model.Vector, Capacity, 8, Request(1, [3, 1, 4], s_warm))[0];
        var chunks = (AnswerChunk[])answer.Chunks.Clone();
        var logits = (Hash256[])chunks[1].Logits.Clone();
        logits[3] = logits[4];
        chunks[1] = chunks[1] with { Logits = logits };
        Assert.Equal(new AnswerVerdict(AnswerVerdictCode.WrongLogits, 11, -1), Check(answer with { Chunks = chunks }));
    }

    [Fact]
    public void Fewer_layers_and_coarser_weights_give_other_hashes_at_the_first_token()
    {
        var request = Request(1, [3, 1, 4], s_warm with { Temperature = 0 });
        using EngineModel shallow = new(s_config with { Layers = 1 });
        Assert.Equal(AnswerVerdictCode.WrongLogits, Check(Serving.Answer(shallow.Vector, Capacity, 8, request)[0]).Code);
        using EngineModel coarse = new(s_config);
        foreach (var tensor in coarse.State.Parameters.Tensors)
        {
            for (var i = 0; i < tensor.Span.Length; i++)
                tensor.Span[i] = MathF.Round(tensor.Span[i] * 64) / 64;
        }

        Assert.Equal(new(AnswerVerdictCode.WrongLogits, 0, -1), Check(Serving.Answer(coarse.Vector, Capacity, 8, request)[0]));
    }

    public void Dispose()
    {
        _auditor.Dispose();
        _model.Dispose();
    }

    private static AnswerRequest Request(int number, int[] prompt, AnswerSampling sampling) =>
        Serving.Request(default, number, prompt, sampling);

    private AnswerVerdict Check(AnswerRecord answer)
    {
        var verdict = AnswerAudit.Check(_auditor, answer, out var problem);
        Assert.Null(problem);
        return verdict;
    }
}
