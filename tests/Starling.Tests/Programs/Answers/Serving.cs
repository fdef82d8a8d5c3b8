using Starling.Compute.Generation;
using Starling.Programs.Answers;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Tests.Programs.Answers;

/// <summary>A worker's engine with commitments: answers as they are committed to.</summary>
internal static class Serving
{
    /// <param name="model">What the worker runs.</param>
    /// <param name="capacity">Of the engine.</param>
    /// <param name="chunk">Tokens of a chunk.</param>
    /// <param name="requests">All in the engine at once.</param>
    public static AnswerRecord[] Answer(DecoderModel model, int capacity, int chunk, params AnswerRequest[] requests)
    {
        using GenerationEngine engine = new(model, new EngineLimits { Slots = 3, Capacity = capacity });
        var hash = new LogitsHash(model.Config.VocabularySize);
        AnswerCommitter[] committers = [.. requests.Select(r => new AnswerCommitter(r, hash))];
        for (var i = 0; i < requests.Length; i++)
            Xunit.Assert.Null(engine.Submit(AnswerRequests.ToGeneration(requests[i], new RequestId(i))));
        var sink = new Sink(committers, chunk);
        while (engine.Step(sink))
        {
        }

        return Array.ConvertAll(committers, c => c.Record);
    }

    public static AnswerRequest Request(ServedModel endpoint, int number, int[] prompt, AnswerSampling sampling) => new(
        endpoint.Id, endpoint.Model, Ledger.TestNetwork.Content($"nonce {number}"), prompt, [], sampling, Hash256.Zero);

    private sealed class Sink(AnswerCommitter[] committers, int chunk) : IGenerationSink
    {
        public void Logits(RequestId request, ReadOnlySpan<float> logits) => committers[request.Value].TakeLogits(logits);

        public void Token(RequestId request, in ChosenToken token)
        {
            committers[request.Value].TakeToken(token.Token);
            if (committers[request.Value].Pending == chunk)
                committers[request.Value].Cut();
        }

        public void Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text) =>
            committers[request.Value].Cut(AnswerRequests.ToStop(stop));
    }
}

/// <summary>Whose answers: the endpoint and its model.</summary>
internal readonly record struct ServedModel(Starling.Protocol.JobId Id, Hash256 Model);
