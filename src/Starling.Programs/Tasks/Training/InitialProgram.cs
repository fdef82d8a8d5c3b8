using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Training;

/// <summary><c>initial</c>: () -> parameters, each a function of (seed, parameter, element).</summary>
internal sealed class InitialProgram : ITaskProgram
{
    public string Name => "initial";

    public TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        var p = RecordCodec.Decode<InitialParameters>(spec.Parameters);
        _ = new TaskInputs(inputs);
        using var state = TrainState.Initialise(p.Model, p.Seed);
        return TaskResults.Completed(StateBlob.Encode(state.Parameters));
    }
}
