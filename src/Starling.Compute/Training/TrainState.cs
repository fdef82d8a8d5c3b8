using Starling.Arithmetic;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Training;

/// <summary>
/// What training carries from step to step: parameters, both moments and the number of steps done. The data cursor is
/// the step itself, as batches are drawn by step.
/// </summary>
public sealed class TrainState : IDisposable
{
    /// <summary>A state at step 0 with every number zero.</summary>
    public TrainState(ModelConfig model)
    {
        IReadOnlyList<Parameter> parameters = model.ListParameters();
        Parameters = new TensorMemory(TensorLayout.Create(parameters.Select(p => (p.Name, p.Shape))));
        Moments = new TensorMemory(MomentLayout(parameters));
    }

    public TensorMemory Parameters { get; }

    /// <summary>All first moments, then all second moments, in the order of the parameters.</summary>
    public TensorMemory Moments { get; }

    /// <summary>Steps done so far.</summary>
    public long Step { get; set; }

    /// <summary>A state at step 0 with the model's initial weights.</summary>
    public static TrainState Initialise(ModelConfig model, ulong seed)
    {
        TrainState state = new(model);
        Initialiser.Fill(model, seed, state.Parameters);
        return state;
    }

    /// <summary>The layout of <see cref="Moments"/>.</summary>
    public static TensorLayout MomentLayout(ModelConfig model) => MomentLayout(model.ListParameters());

    public void Dispose()
    {
        Parameters.Dispose();
        Moments.Dispose();
    }

    private static TensorLayout MomentLayout(IReadOnlyList<Parameter> parameters)
    {
        IEnumerable<(string, Shape)> first = parameters.Select(p => (InputNames.FirstMoment(p.Name), p.Shape));
        IEnumerable<(string, Shape)> second = parameters.Select(p => (InputNames.SecondMoment(p.Name), p.Shape));
        return TensorLayout.Create(first.Concat(second));
    }
}
