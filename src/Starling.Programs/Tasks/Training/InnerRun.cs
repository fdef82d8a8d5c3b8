using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Programs.Tasks.Data;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Tasks.Training;

/// <summary>A state that a run can come back to.</summary>
internal sealed record InnerSnapshot(long Step, Hash256 Cursor, float[][] Parameters, float[][] Moments);

/// <summary>One worker's steps from a checkpoint, as the task and its replay take them.</summary>
internal sealed class InnerRun : IDisposable
{
    private readonly InnerParameters _parameters;
    private readonly TrainState _state;
    private readonly Trainer _trainer;
    private readonly ITrainingData _data;
    private readonly StateHasher _hasher;
    private Hash256 _cursor;

    /// <exception cref="TaskRefusedException">An input is not what the parameters say.</exception>
    public InnerRun(InnerParameters parameters, IReadOnlyList<ReadOnlyMemory<byte>> blobs, Arithmetic.Catalogue.IBackend backend)
    {
        _parameters = parameters;
        TaskInputs inputs = parameters.FromStep > 0
            ? new TaskInputs(blobs, "checkpoint", "data", "moments")
            : new TaskInputs(blobs, "checkpoint", "data");
        _data = ReadData(parameters, inputs);
        _state = new TrainState(parameters.Model) { Step = parameters.FromStep };
        try
        {
            inputs.Read(0, _state.Parameters);
            if (parameters.FromStep > 0)
                inputs.Read(2, _state.Moments);
            _trainer = new Trainer(parameters.Recipe, _state, backend);
        }
        catch
        {
            _state.Dispose();
            throw;
        }

        _hasher = new StateHasher(_state.Parameters.Layout, _state.Moments.Layout);
        _cursor = Blueprint.FirstCursor(parameters.FromStep);
    }

    /// <summary>Steps of this task done so far.</summary>
    public int Done => (int)_state.Step - _parameters.FromStep;

    public Graph Graph => _trainer.Graph;

    public TrainOutcome Advance(
        int steps, Action<long, float>? progress = null, IGraphObserver? observer = null, CancellationToken cancellation = default) =>
        _trainer.Run(
            _data, steps,
            (step, loss) =>
            {
                _cursor = Blueprint.NextCursor(step, _cursor, BitConverter.SingleToUInt32Bits(TaskResults.Canonical(loss)));
                progress?.Invoke(step, loss);
            },
            observer, cancellation);

    /// <summary>The root of the state as it is now.</summary>
    public Hash256 StateRoot() => _hasher.Root(_cursor, _state.Parameters, _state.Moments);

    /// <summary>The leaves under <see cref="StateRoot"/>.</summary>
    public Hash256[] StateLeaves() => _hasher.Leaves(_cursor, _state.Parameters, _state.Moments);

    /// <summary>The blobs of the state as it was hashed last: parameters, moments.</summary>
    public byte[][] Blobs() => [_hasher.Blob(0), _hasher.Blob(1)];

    /// <summary>A copy of the state, to come back to.</summary>
    public InnerSnapshot Save() => new(_state.Step, _cursor, Copy(_state.Parameters), Copy(_state.Moments));

    public void Restore(InnerSnapshot snapshot)
    {
        (_state.Step, _cursor) = (snapshot.Step, snapshot.Cursor);
        Fill(_state.Parameters, snapshot.Parameters);
        Fill(_state.Moments, snapshot.Moments);
    }

    /// <summary>An input of the next step's graph; data is drawn as the step will.</summary>
    public TensorView NextInput(string name)
    {
        _trainer.Prepare(_data);
        return _trainer.Input(name);
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _state.Dispose();
    }

    private static float[][] Copy(TensorMemory memory)
    {
        var numbers = new float[memory.Tensors.Length][];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = memory.Tensors[i].Span.ToArray();
        return numbers;
    }

    private static void Fill(TensorMemory memory, float[][] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
            numbers[i].CopyTo(memory.Tensors[i].Span);
    }

    private static ITrainingData ReadData(InnerParameters p, TaskInputs inputs)
    {
        if (p.Model is MlpConfig mlp)
        {
            var (features, labels) = TableBlob.Decode(inputs, 1, p.Records, mlp.InputSize, mlp.Labels);
            return new TableData(
                features.AsMemory(p.First * mlp.InputSize, p.Count * mlp.InputSize), mlp.InputSize,
                labels.AsMemory(p.First, p.Count), p.Seed, p.Worker);
        }

        var tokens = TokenBlob.Decode(inputs, 1, p.Records, p.Model.OutputColumns);
        return new TokenShard(tokens.AsMemory(p.First, p.Count), p.MaxLength, p.Seed, p.Worker);
    }
}
