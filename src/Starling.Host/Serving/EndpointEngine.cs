using Starling.Compute.Generation;
using Starling.Host.OpenAi;
using Starling.Node.Contract;
using Starling.Node.Roles.Serving;
using Starling.Programs.Answers;
using Starling.Programs.Inference.Grammars;
using Starling.Protocol.Hashing;

namespace Starling.Host.Serving;

/// <summary>A worker's engine for one endpoint: makes answers that it commits to. Owns the model.</summary>
internal sealed class EndpointEngine : IGenerationSink, IDisposable
{
    private readonly ServedModel _model;
    private readonly LogitsHash _hash;
    private readonly EngineThread _engine;
    private readonly Action<Input> _complete;
    private readonly Dictionary<Hash256, RequestId> _names = [];
    private readonly Dictionary<RequestId, (Hash256 Name, AnswerMaker Maker)> _answers = [];
    private readonly List<RequestId> _over = [];
    private long _serial;

    /// <param name="model">Disposed with this object.</param>
    /// <param name="limits">What the engine holds at most.</param>
    /// <param name="complete">Takes chunks and failures, from the engine's thread.</param>
    public EndpointEngine(ServedModel model, EngineLimits limits, Action<Input> complete)
    {
        (_model, _complete) = (model, complete);
        _hash = new LogitsHash(model.Decoder.Config.VocabularySize);
        _engine = new EngineThread(model.Name, new GenerationEngine(model.Decoder, limits), this, Give, Fail);
    }

    public ServedModel Model => _model;

    public void Start(StartAnswer start) => _engine.Order(engine => Submit(engine, start));

    public void Next(Hash256 name) => _engine.Order(_ => Find(name)?.Want());

    public void Stop(Hash256 name) => _engine.Order(engine =>
    {
        if (_names.TryGetValue(name, out var id))
        {
            engine.Cancel(id);
            Forget(id);
        }
    });

    void IGenerationSink.Logits(RequestId request, ReadOnlySpan<float> logits)
    {
        if (_answers.TryGetValue(request, out var answer))
            answer.Maker.Logits(logits);
    }

    void IGenerationSink.Token(RequestId request, in ChosenToken token)
    {
        if (_answers.TryGetValue(request, out var answer))
            answer.Maker.Token(token);
    }

    void IGenerationSink.Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text)
    {
        if (_answers.TryGetValue(request, out var answer))
            answer.Maker.Finish(stop);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _model.Dispose();
    }

    private AnswerMaker? Find(Hash256 name) => _names.TryGetValue(name, out var id) ? _answers[id].Maker : null;

    private void Submit(GenerationEngine engine, StartAnswer start)
    {
        AnswerGrammar? grammar = null;
        if (start.Beyond.Grammar.Length > 0 && (grammar = AnswerGrammar.Parse(start.Beyond.Grammar)) is null)
        {
            _complete(new AnswerFailed(start.Name, "its grammar cannot be used"));
            return;
        }

        var id = new RequestId(++_serial);
        var request = AnswerRequests.ToGeneration(start.Request, id);
        var problem = engine.Submit(request with
        {
            Delivered = (int[])[.. start.Request.Delivered, .. start.Made.SelectMany(static c => c.Tokens)],
            Settings = request.Settings with { StopTexts = start.Beyond.Stops, TopLogprobs = start.TopLogprobs },
            Text = _model.Tokenizer.ContinueText(),
            Constraint = grammar?.Constrain(_model.Tokenizer, _model.Trie, request.Settings.StopTokens),
        });
        if (problem is not null)
        {
            _complete(new AnswerFailed(start.Name, problem.Message));
            return;
        }

        _names.Add(start.Name, id);
        _answers.Add(id, (start.Name, new AnswerMaker(start, _hash, _complete)));
    }

    private void Give()
    {
        foreach (var (id, answer) in _answers)
        {
            answer.Maker.Give();
            if (answer.Maker.IsOver)
                _over.Add(id);
        }

        foreach (var id in _over)
            Forget(id);
        _over.Clear();
    }

    private void Forget(RequestId id)
    {
        if (_answers.Remove(id, out var answer))
            _names.Remove(answer.Name);
    }

    private void Fail(Exception e)
    {
        foreach (var (name, _) in _answers.Values)
            _complete(new AnswerFailed(name, e.Message));
        _answers.Clear();
        _names.Clear();
    }
}
