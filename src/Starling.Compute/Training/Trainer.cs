using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Training;

/// <summary>Runs training steps over a state in place. Steps allocate nothing.</summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingRecipe recipe;
    private readonly TrainState state;
    private readonly GraphExecutor executor;
    private readonly BatchMemory batch;
    private readonly TensorMemory schedule;
    private readonly TensorView loss;

    /// <summary>Prepares to train <paramref name="state"/>, which must outlive this.</summary>
    public Trainer(TrainingRecipe recipe, TrainState state, IBackend backend)
    {
        this.recipe = recipe;
        this.state = state;
        TrainingStep step = TrainingStep.Build(recipe);
        Graph = step.Graph;
        executor = new GraphExecutor(step.Graph, MemoryPlan.Create(step.Graph, step.InPlace), backend);
        batch = new BatchMemory(recipe.Model, recipe.BatchSize, recipe.MaxLength, recipe.AccumulationSteps);
        schedule = new TensorMemory(TensorLayout.Create([(InputNames.Schedule, new Shape(1, StepSchedule.Columns))]));
        batch.Bind(executor);
        executor.Bind(schedule);
        executor.Bind(state.Parameters);
        executor.Bind(state.Moments);
        loss = executor.Output(InputNames.Loss);
    }

    /// <summary>One step.</summary>
    public Arithmetic.Graphs.Graph Graph { get; }

    /// <summary>Fills the batch and the schedule of the next step, as <see cref="Run"/> does, so that a replay can read them.</summary>
    public void Prepare(ITrainingData data)
    {
        batch.Fill(data, state.Step);
        StepSchedule.Fill(recipe, state.Step, schedule.Tensors[0].Span);
    }

    /// <summary>The memory of an input of the graph.</summary>
    public TensorView Input(string name) => executor.Input(name);

    /// <summary>
    /// Runs <paramref name="steps"/> steps from the state's own. Stops after the first step whose loss or parameters
    /// are not finite.
    /// </summary>
    /// <param name="data">Where batches come from.</param>
    /// <param name="steps">Steps to run.</param>
    /// <param name="progress">Called after each step with its number and its loss.</param>
    /// <param name="observer">Sees every operator's value: replay with operator hashes.</param>
    /// <param name="cancellation">Checked between steps.</param>
    public TrainOutcome Run(
        ITrainingData data,
        int steps,
        Action<long, float>? progress = null,
        IGraphObserver? observer = null,
        CancellationToken cancellation = default)
    {
        List<float> losses = new(steps);
        for (int i = 0; i < steps; i++)
        {
            if (cancellation.IsCancellationRequested)
                return new TrainOutcome(TrainStatus.Cancelled, state.Step, losses);
            float value = RunStep(data, observer);
            losses.Add(value);
            progress?.Invoke(state.Step, value);
            if (!float.IsFinite(value) || !FiniteCheck.AllFinite(state.Parameters))
                return new TrainOutcome(TrainStatus.NotFinite, state.Step, losses);
        }

        return new TrainOutcome(TrainStatus.Completed, state.Step, losses);
    }

    public void Dispose()
    {
        executor.Dispose();
        batch.Dispose();
        schedule.Dispose();
    }

    private float RunStep(ITrainingData data, IGraphObserver? observer)
    {
        Prepare(data);
        executor.Run(observer);
        state.Step++;
        return loss.Span[0];
    }
}
