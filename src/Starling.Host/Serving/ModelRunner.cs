using System.Collections.Concurrent;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Tensors;
using Starling.Host.OpenAi;
using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Node.Roles.Serving;
using Starling.Programs.Answers;
using Starling.Proofs.Answers;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Host.Serving;

/// <summary>
/// One node's models: loads them from its blobs, makes answers, and recomputes them. Loading, audits and disputes run one
/// after the other on a thread of their own; each model's answers on its engine's.
/// </summary>
/// <param name="blobs">Holds the models' files.</param>
/// <param name="folder">Where they are laid out as folders.</param>
/// <param name="limits">Slots and queue of each engine; its capacity is the endpoint's.</param>
public sealed class ModelRunner(IBlobStore blobs, string folder, ServingLimits limits) : IModelRunner, IDisposable
{
    private readonly ConcurrentDictionary<JobId, (EndpointTerms Terms, EndpointEngine Engine)> _engines = new();
    private readonly ConcurrentDictionary<Hash256, EndpointEngine> _answering = new();
    private readonly BlockingCollection<Action> _work = [];
    private Thread? _thread;

    /// <inheritdoc/>
    public void Perform(ModelEffect effect, Action<Input> complete)
    {
        switch (effect)
        {
            case PrepareModel prepare:
                Queue(() => complete(new ModelPrepared(prepare.Endpoint, Prepare(prepare, complete))));
                break;
            case StartAnswer start when _engines.TryGetValue(start.Request.Endpoint, out var model):
                _answering[start.Name] = model.Engine;
                model.Engine.Start(start);
                break;
            case StartAnswer start:
                complete(new AnswerFailed(start.Name, "its model is not loaded"));
                break;
            case NextChunk next:
                if (_answering.TryGetValue(next.Name, out var engine))
                    engine.Next(next.Name);
                break;
            case StopAnswer stop:
                if (_answering.TryRemove(stop.Name, out var stopped))
                    stopped.Stop(stop.Name);
                break;
            case CheckAnswers check:
                Queue(() => complete(new AnswersChecked(check.Run, Check(check))));
                break;
            case PlayAnswers play:
                Queue(() => complete(Move(play.Run, () => AnswerPlay.Defend(play.Task, play.Dispute, play.Kept, Side(play.Task.Job)))));
                break;
            case ChallengeAnswer play:
                Queue(() => complete(Move(play.Run, () =>
                    AnswerPlay.Challenge(play.Task, play.Dispute, play.Finding, play.Answer, Side(play.Task.Job)))));
                break;
        }
    }

    public void Dispose()
    {
        if (_work.IsAddingCompleted)
            return;
        _work.CompleteAdding();
        _thread?.Join();
        foreach (var (_, engine) in _engines.Values)
            engine.Dispose();
    }

    private void Queue(Action work)
    {
        if (_work.IsAddingCompleted)
            return;
        _work.Add(work);
        if (_thread is not null)
            return;
        _thread = new Thread(() =>
        {
            foreach (var next in _work.GetConsumingEnumerable())
                next();
        })
        {
            IsBackground = true,
            Name = "models",
        };
        _thread.Start();
    }

    /// <summary>Loads a model, compares it with the terms, and runs it once; the problem, if it cannot serve.</summary>
    private string? Prepare(PrepareModel prepare, Action<Input> complete)
    {
        if (_engines.ContainsKey(prepare.Endpoint))
            return null;
        ServedModel? model = null;
        try
        {
            var place = Path.Combine(folder, Blake3.Hash(RecordCodec.Encode(prepare.Model)).ToString());
            if (!ModelFiles.Export(prepare.Model, blobs, place))
                return "a file of it is not in the store any more";
            var options = new ServeOptions { Name = prepare.Model.Name, Context = prepare.Terms.Capacity, Slots = limits.Slots };
            model = ModelLoading.Load(place, options, DateTimeOffset.UnixEpoch);
            if (model.Context != prepare.Terms.Capacity || model.Decoder.Config.VocabularySize != prepare.Terms.Vocabulary)
                return $"it has {model.Context} tokens of context and {model.Decoder.Config.VocabularySize} of vocabulary, "
                    + $"the terms say {prepare.Terms.Capacity} and {prepare.Terms.Vocabulary}";
            if (model.Weights() != prepare.Terms.Model)
                return "its weights are not those that the terms name";
            var engine = new EndpointEngine(
                model, new EngineLimits { Slots = limits.Slots, Queue = limits.Queue, Capacity = prepare.Terms.Capacity },
                input => Pass(input, complete));
            model = null;
            _engines[prepare.Endpoint] = (prepare.Terms, engine);
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
        finally
        {
            model?.Dispose();
        }
    }

    private void Pass(Input input, Action<Input> complete)
    {
        if (input is ChunkMade { Chunk.Stop: not AnswerStop.None } ended)
            _answering.TryRemove(ended.Name, out _);
        else if (input is AnswerFailed failed)
            _answering.TryRemove(failed.Name, out _);
        complete(input);
    }

    private AnswerFinding? Check(CheckAnswers check)
    {
        if (!_engines.TryGetValue(check.Task.Job, out var model))
            return null;
        using var decoder = model.Engine.Model.Decoder.On(VectorBackend.Best());
        using var auditor = new AnswerAuditor(decoder, model.Terms.Capacity);
        foreach (var drawn in check.Answers)
        {
            var verdict = AnswerAudit.Check(auditor, drawn.Answer, out _);
            // What a stop text or a grammar changed cannot be told from the answer alone; its logits can.
            var counts = drawn.Answer.Request.Beyond.IsZero || verdict.Code == AnswerVerdictCode.WrongLogits;
            if (verdict.Code != AnswerVerdictCode.Agrees && counts)
                return new AnswerFinding(drawn.Place, verdict);
        }

        return null;
    }

    private static MoveReady Move(string run, Func<TransactionBody?> work)
    {
        try
        {
            return new MoveReady(run, work(), null);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IOException)
        {
            return new MoveReady(run, null, e.Message);
        }
    }

    private Func<AnswerRecord, AnswerSide> Side(JobId endpoint)
    {
        if (!_engines.TryGetValue(endpoint, out var model))
            throw new InvalidOperationException("the endpoint's model is not loaded");
        var served = model.Engine.Model;
        return answer => new AnswerSide(
            new AnswerReplay(served.Decoder.Config, model.Terms.Capacity, served.Parameters, VectorBackend.Best()),
            model.Terms.Model, answer, () => StateBlob.Encode(served.Parameters));
    }
}

/// <summary>What a worker's engine holds at most.</summary>
/// <param name="Slots">Answers that are made at the same time.</param>
/// <param name="Queue">Answers that wait for a slot.</param>
public sealed record ServingLimits(int Slots, int Queue)
{
    public static ServingLimits Usual { get; } = new(8, 16);
}
