using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Starling.Compute.Generation;
using Starling.Programs.Answers;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Host.OpenAi;

/// <summary>Answers from an engine in this process, on a thread of its own.</summary>
public sealed class EngineAnswers : IAnswerSource, IGenerationSink, IDisposable
{
    private readonly ServedModel _model;
    private readonly GenerationEngine _engine;
    private readonly ConcurrentQueue<Action> _orders = new();
    private readonly SemaphoreSlim _filled = new(0);
    private readonly Dictionary<RequestId, ChannelWriter<AnswerChunk>> _answers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly AnswerRecorder _recorder;
    private readonly Lazy<Hash256> _weights;
    private long _serial;

    public EngineAnswers(ServedModel model, EngineLimits limits)
    {
        _model = model;
        _recorder = new AnswerRecorder(model.Decoder.Config.VocabularySize);
        _weights = new Lazy<Hash256>(model.Weights);
        _engine = new GenerationEngine(model.Decoder, limits);
        _thread = new Thread(Work) { IsBackground = true, Name = $"answers of {model.Name}" };
        _thread.Start();
    }

    public int Running { get; private set; }

    public int Waiting { get; private set; }

    public Exception? Failure { get; private set; }

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
        Enqueue(() => Submit(id, order, channel, accepted));
        // Looked at after the order is in the queue: a thread that ended before that never takes it.
        if (Failure is { } failure)
            accepted.TrySetException(new InvalidOperationException("the engine has stopped", failure));
        if (cancel.CanBeCanceled)
            cancel.UnsafeRegister(_ => Enqueue(() => Cancel(id)), null);
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

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _engine.Dispose();
        _filled.Dispose();
        _stop.Dispose();
    }

    private void Enqueue(Action order)
    {
        _orders.Enqueue(order);
        try
        {
            _filled.Release();
        }
        catch (ObjectDisposedException)
        {
            // Cancelled after the source was closed: there is nothing left to stop.
        }
    }

    private void Submit(
        RequestId id, AnswerOrder order, Channel<AnswerChunk> channel, TaskCompletionSource<ChannelReader<AnswerChunk>> accepted)
    {
        var problem = _engine.Submit(new GenerationRequest
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

    private void Cancel(RequestId id)
    {
        _recorder.Forget(id);
        if (_answers.Remove(id, out var writer) && _engine.Cancel(id))
            writer.TryComplete();
    }

    private void Work()
    {
        try
        {
            while (true)
            {
                while (_orders.TryDequeue(out var order))
                    order();
                var more = _engine.Step(this);
                (Running, Waiting) = (_engine.Running, _engine.Waiting);
                if (!more && _orders.IsEmpty)
                    _filled.Wait(_stop.Token);
                _stop.Token.ThrowIfCancellationRequested();
            }
        }
        catch (Exception e)
        {
            // Closed, or a bug: whoever waits must learn of it, and health must show it.
            Fail(e);
        }
    }

    private void Fail(Exception e)
    {
        Failure = e;
        foreach (var writer in _answers.Values)
            writer.TryComplete(e);
        _answers.Clear();
    }
}
