using Starling.Compute.Models;
using Starling.Programs.Jobs;

namespace Starling.Programs.Tasks.Data;

/// <summary>Sizes of the two data blobs of a job.</summary>
internal readonly record struct DataSizes(long TrainBytes, long HeldOutBytes)
{
    public static DataSizes Of(ModelConfig model, DataSplit split) => model is MlpConfig mlp
        ? new DataSizes(
            TableBlob.Layout(split.Train, mlp.InputSize).TotalBytes, TableBlob.Layout(split.HeldOut, mlp.InputSize).TotalBytes)
        : new DataSizes(TokenBlob.Layout(split.Train).TotalBytes, TokenBlob.Layout(split.HeldOut).TotalBytes);
}
