using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Training;

/// <summary><c>import</c>: (a .safetensors file) -> parameters. The file holds exactly the model's tensors, all finite.</summary>
internal sealed class ImportProgram : ITaskProgram
{
    public string Name => "import";

    public TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        var p = RecordCodec.Decode<ImportParameters>(spec.Parameters);
        var read = new TaskInputs(inputs, "weights");
        using TensorMemory parameters = new(p.Model.CreateLayout());
        if (Checkpoint.Read(p.Model, inputs[0], parameters) is { } problem)
            throw read.Refuse(0, problem.Message);
        for (var i = 0; i < parameters.Tensors.Length; i++)
            foreach (var value in parameters.Tensors[i].Span)
                if (!float.IsFinite(value))
                    throw read.Refuse(0, $"'{parameters.Layout.Entries[i].Name}' holds NaN or infinity");
        return TaskResults.Completed(StateBlob.Encode(parameters));
    }
}
