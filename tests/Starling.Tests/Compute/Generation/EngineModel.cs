using Starling.Arithmetic.Reference;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Tests.Compute.Models;
using Xunit;

namespace Starling.Tests.Compute.Generation;

/// <summary>A random model on the fast back end, as an engine runs it, and on the scalar reference, as it must come out.</summary>
internal sealed class EngineModel : IDisposable
{
    public EngineModel(DecoderConfig config)
    {
        State = RandomModel.Of(config);
        Vector = new(config, State.Parameters, VectorBackend.Best());
        Scalar = new(config, State.Parameters, new ScalarBackend());
    }

    public TrainState State { get; }

    public DecoderModel Vector { get; }

    public DecoderModel Scalar { get; }

    /// <summary>Small models of every architecture, with room for <see cref="Requests.Any"/>.</summary>
    public static DecoderConfig Config(string name) => name switch
    {
        "llama" => TinyModels.Llama(keyValueHeads: 2),
        "qwen2" => TinyModels.Qwen2(),
        "gpt2" => TinyModels.Gpt2() with { MaxPositions = 600 },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such model"),
    };

    public GenerationEngine Engine(int slots, int prefill, int capacity = 120) =>
        new(Vector, new() { Slots = slots, Capacity = capacity, PrefillTokens = prefill });

    /// <summary>The same request in an engine of one slot, through the scalar reference.</summary>
    public Recorded Alone(GenerationRequest request, int capacity = 120)
    {
        using GenerationEngine engine = new(Scalar, new() { Slots = 1, Capacity = capacity });
        Recorder recorder = new();
        Assert.Null(engine.Submit(Requests.Fresh(request)));
        while (engine.Step(recorder))
        {
        }

        return recorder.Of(request.Id);
    }

    public void Dispose()
    {
        Vector.Dispose();
        Scalar.Dispose();
        State.Dispose();
    }
}
