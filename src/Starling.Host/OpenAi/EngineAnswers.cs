using System.Text;
using System.Threading.Channels;
using Starling.Compute.Generation;
using Starling.Host.Serving;
using Starling.Programs.Answers;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Host.OpenAi;

/// <summary>Answers from an engine in this process, on a thread of its own.</summary>
public sealed class EngineAnswers : IAnswerSource, IGenerationSink
{
    private readonly ServedModel _model;
    private readonly EngineThread _engine;
    private readonly Dictionary<RequestId, ChannelWriter<AnswerChunk>> _answers = [];
    private readonly AnswerRecorder _recorder;
    private readonly Lazy<Hash256> _weights;
    private long _serial;

    public EngineAnswers(ServedModel model, EngineLimits limits)
    {
        _model = model;
        _recorder = new AnswerRecorder(model.Decoder.Config.VocabularySize);
        _weights = new Lazy<Hash256>(model.Weights);
        _engine = new EngineThread(model.Name, new GenerationEngine(model.Decoder, limits), this, static () => { }, Fail);
    }

    public int Running => _engine.Running;

    public int Waiting => _engine.Waiting;

    public Exception? Failure => _engine.Failure;

    public Task<ChannelReader<AnswerChunk>> Start(AnswerOrder order, CancellationToken cancel)
    {
        // As many chunks as the answer can have, so the engine never waits for a slow reader.
        var channel = Channel.CreateBounded<AnswerChunk>(new BoundedChannelOptions(order.Settings.MaxNewTokens + 1)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        var accepted = new TaskCompletionSource<ChannelReader<AnswerChunk>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = new RequestId(Interlocked.Increment(ref _serial));
        _engine.Order(engine => Submit(engine, id, order, channel, accepted));
        // Looked at after the order is in the queue: a thread that ended before that never takes it.
        if (Failure is { } failure)
            accepted.TrySetException(new InvalidOperationException("the engine has stopped", failure));
        if (cancel.CanBeCanceled)
            cancel.UnsafeRegister(_ => _engine.Order(engine => Cancel(engine, id)), null);
        return accepted.Task;
    }

    void IGenerationSink.Logits(RequestId request, ReadOnlySpan<float> logits) => _recorder.Logits(request, logits);

    void IGenerationSink.Token(RequestId request, in ChosenToken token)
    {
        _recorder.Token(request, token.Token);
        if (_answers.TryGetValue(request, out var writer))
            writer.TryWrite(new AnswerChunk(token.Token, Encoding.UTF8.GetString(token.Text), token.Logprob, [.. token.Top], null));
    }

    void IGenerationSink.Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text)
    {
        var record = _recorder.End(request, stop);
        if (!_answers.Remove(request, out var writer))
            return;
        writer.TryWrite(new AnswerChunk(-1, Encoding.UTF8.GetString(text), float.NaN, [], stop) { Record = record });
        writer.TryComplete();
    }

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Submit(
        GenerationEngine engine, RequestId id, AnswerOrder order, Channel<AnswerChunk> channel,
        TaskCompletionSource<ChannelReader<AnswerChunk>> accepted)
    {
        var problem = engine.Submit(new GenerationRequest
        {
            Id = id,
            Prompt = order.Prompt,
            Settings = order.Settings,
            Text = _model.Tokenizer.ContinueText(),
            Constraint = order.Grammar?.Constrain(_model.Tokenizer, _model.Trie, order.Settings.StopTokens),
        });
        if (problem is not null)
        {
            accepted.TrySetException(new AnswerRefusedException(problem));
            return;
        }

        // A receipt does not hold a grammar, so nobody could choose its tokens again.
        if (order is { Nonce: { } nonce, Grammar: null })
            _recorder.Begin(id, new AnswerRequest(
                default, _weights.Value, nonce, order.Prompt.ToArray(), [], AnswerRequests.ToSampling(order.Settings), Hash256.Zero));
        _answers.Add(id, channel.Writer);
        accepted.TrySetResult(channel.Reader);
    }

    private void Cancel(GenerationEngine engine, RequestId id)
    {
        _recorder.Forget(id);
        if (_answers.Remove(id, out var writer) && engine.Cancel(id))
            writer.TryComplete();
    }

    private void Fail(Exception e)
    {
        foreach (var writer in _answers.Values)
            writer.TryComplete(e);
        _answers.Clear();
    }
}
