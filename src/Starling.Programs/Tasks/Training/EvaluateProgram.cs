using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Programs.Tasks.Data;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Training;

/// <summary><c>evaluate</c>: (parameters, held-out data) -> metrics.</summary>
internal sealed class EvaluateProgram : ITaskProgram
{
    public string Name => "evaluate";

    public TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        var p = RecordCodec.Decode<EvaluateParameters>(spec.Parameters);
        TaskInputs read = new(inputs, "parameters", "held-out data");
        using var parameters = read.ReadParameters(0, p.Model);
        var result = Measure(p, read, parameters, context);
        return TaskResults.Completed(new TaskMetrics(
            p.Step, [], result.Targets, TaskResults.Canonical(result.Loss), result.Accuracy, null).Encode());
    }

    private static EvaluationResult Measure(
        EvaluateParameters p, TaskInputs inputs, TensorMemory parameters, TaskContext context)
    {
        if (p.Model is MlpConfig mlp)
        {
            var (features, labels) = TableBlob.Decode(inputs, 1, p.Records, mlp.InputSize, mlp.Labels);
            return Evaluation.OfTable(
                mlp, parameters, new TableData(features, mlp.InputSize, labels, seed: 0, worker: 0), context.Backend);
        }

        var tokens = TokenBlob.Decode(inputs, 1, p.Records, p.Model.OutputColumns);
        return p.MaxLength < tokens.Length
            ? Evaluation.OfTokens(
                (DecoderConfig)p.Model, parameters, tokens, p.MaxLength, p.MaxSamples, context.Backend)
            : throw inputs.Refuse(1, $"{tokens.Length} tokens are too few for sequences of {p.MaxLength}");
    }
}
