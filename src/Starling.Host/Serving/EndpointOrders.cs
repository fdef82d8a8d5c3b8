using Starling.Compute.Training;
using Starling.Host.OpenAi;
using Starling.Host.Ports;
using Starling.Node.Roles.Serving;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Host.Serving;

/// <summary>Makes the order for an endpoint of a model that was loaded from a folder.</summary>
public static class EndpointOrders
{
    private const int PricedPrompt = 64;

    /// <summary>How long an endpoint is open: it is opened anew at the next start after that.</summary>
    private const long ForMs = 365L * 24 * 3_600 * 1_000;

    /// <param name="model">The model as loaded.</param>
    /// <param name="folder">Its files, which go into the store.</param>
    /// <param name="blobs">The gateway's store.</param>
    /// <param name="terms">What is wanted of workers.</param>
    /// <exception cref="IOException">The context is too long for an endpoint, or a file cannot be kept.</exception>
    public static EndpointOrder Of(ServedModel model, string folder, IBlobStore blobs, WorkerTerms terms)
    {
        if (model.Context >= AnswerLimits.Tokens)
            throw new IOException(
                $"workers serve at most {AnswerLimits.Tokens - 1} tokens of context, this model has {model.Context}: give --context");
        var (config, capacity) = (model.Decoder.Config, model.Context);
        var prompt = TrainingWork.OfGeneration(config, capacity, PricedPrompt + 1, 0).Units / PricedPrompt;
        var token = TrainingWork.OfGeneration(config, capacity, 1, 1).Units;
        return new EndpointOrder(
            RecordCodec.Encode(ModelFiles.Import(model.Name, folder, blobs)),
            new EndpointTerms(
                model.Weights(), Hash256.Zero, capacity, config.VocabularySize, (ulong)Math.Max(prompt, 1), (ulong)Math.Max(token, 1),
                terms.IntervalMs),
            terms.Replicas, "", "", terms.MaxPrice, Verification.None, terms.ChannelMicro, ForMs);
    }
}

/// <summary>What a gateway wants of its workers.</summary>
/// <param name="Replicas">How many.</param>
/// <param name="IntervalMs">Time between two settlements with each.</param>
public sealed record WorkerTerms(int Replicas, long IntervalMs)
{
    private const ulong Unit = 1_000_000;

    /// <summary>Micro-credits per 10^9 work units that are paid at most.</summary>
    public ulong MaxPrice { get; init; } = 10_000;

    /// <summary>Micro-credits that each channel is filled up to.</summary>
    public ulong ChannelMicro { get; init; } = 1_000 * Unit;

    /// <summary>Long enough that a log which stands still for minutes costs nobody anything.</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(5);
}
